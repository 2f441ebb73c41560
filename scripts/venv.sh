#!/usr/bin/env bash
# Make a virtual environment with a CPython that the lab supports, and install the lab in it with the given extras:
# venv.sh dev,train [FOLDER]; the folder is .venv of this checkout, or an absolute path. Every package is one of
# requirements/, whose files pip holds against the SHA-256 there; nothing is resolved, and nothing else is fetched.
set -euo pipefail
cd "$(dirname "$0")/.."
extras=${1:-}
folder=${2:-.venv}

usable() {
  "$1" -c 'import sys, ensurepip, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null
}

supported_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    usable "$name" && echo "$name" && return
  done
  return 1
}

# Not one that was moved here with the checkout: its programs name the folder that it was made in.
made_here() { grep -qsF "$(cd "$folder" && pwd -P)/bin/" "$folder/bin/pip"; }

if ! usable "$folder/bin/python" || ! made_here; then
  if ! python=$(supported_python); then
    firmware/toolchains/install.sh python
    python=$(supported_python) || {
      echo "CPython 3.10 to 3.14 is needed; python3 here is $(python3 --version 2>&1)." >&2
      exit 3
    }
  fi
  "$python" -m venv --clear "$folder"
fi
echo "Installing the lab into $folder"
locked=(-r requirements/base.txt -r requirements/build.txt)
for extra in ${extras//,/ }; do locked+=(-r "requirements/$extra.txt"); done
pip=("$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile)
"${pip[@]}" --require-hashes "${locked[@]}"
"${pip[@]}" --no-build-isolation --editable .
# pip compiles modules on one core, and none of an editable package. What is not for this Python it passes over as well.
"$folder/bin/python" -m compileall -qq -j 0 "$folder/lib" lab || true
