#!/usr/bin/env bash
# Lock what pyproject.toml asks for, of each extra a file, to the newest versions with the SHA-256 of each of their
# files: for every CPython and machine that the lab supports. `make lock` runs it; commit what changes.
set -euo pipefail
cd "$(dirname "$0")/.."
all=$(mktemp)
build=$(mktemp)
trap 'rm -f "$all" "$build"' EXIT

# compile OUTPUT OPTION...: no header, which would name this machine's folders, and no address of an index.
compile() {
  local output=$1
  shift
  .venv/bin/uv pip compile --quiet --universal --python-version 3.10 --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links "$@" >"$output"
}

# uv does not look at upper bounds of Requires-Python: later versions are for CPython 3.10 alone.
echo 'backports-strenum<1.3' >"$build"
compile "$all" --upgrade --all-extras pyproject.toml --constraint "$build"
for extra in base dev litert train; do
  options=()
  if [ "$extra" != base ]; then # what it brings besides the base; of a package that is there on some CPythons, all
    options=(--extra "$extra")
    while read -r name; do
      options+=(--no-emit-package "$name")
    done < <(sed -n 's/^\([a-z0-9-]*\)==[^ ;]* \\$/\1/p' requirements/base.txt | sort -u)
  fi
  compile "requirements/$extra.txt" pyproject.toml --generate-hashes --constraint "$all" "${options[@]}"
done
# What builds the lab itself: pip installs it beside, as it would otherwise fetch it without a hash.
sed -n 's/^requires = \["\(.*\)"\]$/\1/p' pyproject.toml >"$build"
compile requirements/build.txt "$build" --generate-hashes --constraint "$all"
