#!/usr/bin/env bash
# Install the Debian packages of the given stages (python, run, test, check) that are missing; see debian-packages.txt.
# Where there is no apt, or nobody who may use it, the commands to type are printed and the exit status is 3.
# What apt downloads stays in the folder LAB_DEBIAN_PACKAGES, where that is set: CI keeps it from run to run.
set -euo pipefail

list=$(dirname "$0")/debian-packages.txt
cross=arm-none-eabi-gcc

# at_least 1.70 1.102.0: the second version is no older than the first.
at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

version_of() { "$1" --version 2>/dev/null | head -n 1 | grep -oE '[0-9]+(\.[0-9]+)+' | tail -n 1; }

# present PACKAGE PROBE [ARGUMENT]: what the package brings is there, from wherever.
present() {
  case $2 in
    file) compgen -G "$3" >/dev/null ;;
    package) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' ;;
    library) [ -e "$("$cross" -print-file-name="$3" 2>/dev/null)" ] ;;
    *) command -v "$2" >/dev/null && { [ -z "${3:-}" ] || at_least "$3" "$(version_of "$2" || true)"; } ;;
  esac
}

# recent_enough VERSION PACKAGE...: the first package that apt offers in that version or newer, else the last.
recent_enough() {
  local oldest=$1 package candidate
  shift
  for package; do
    candidate=$(apt-cache policy "$package" | awk '/Candidate:/ {print $2}')
    [ "${candidate:-(none)}" != "(none)" ] && at_least "$oldest" "${candidate#*:}" && break
  done
  echo "$package"
}

missing=()
oldest=()
while read -r stage package probe argument; do
  [[ " $* " == *" $stage "* ]] || continue
  present "$package" "$probe" "$argument" && continue
  missing+=("$package")
  oldest+=("${argument:-0}")
done < <(grep -vE '^(#|$)' "$list")
[ ${#missing[@]} -gt 0 ] || exit 0
echo "Missing: ${missing[*]}"

if ! command -v apt-get >/dev/null; then
  cat >&2 <<'END'
There is no apt here. Type what fits this machine, then the same command again:
  Fedora:  dnf install gcc gcc-c++ cmake ninja-build cargo arm-none-eabi-gcc-cs arm-none-eabi-gcc-cs-c++ arm-none-eabi-newlib
  Arch:    pacman -S gcc cmake ninja rust arm-none-eabi-gcc arm-none-eabi-newlib
  macOS:   brew install cmake ninja rust && brew install --cask gcc-arm-embedded
RISC-V boards need riscv64-unknown-elf-gcc with picolibc, which only Debian and Ubuntu package.
END
  exit 3
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Only root can install packages. As root, type: apt-get install ${missing[*]##*|}" >&2
    exit 3
  fi
  as_root=(sudo)
fi

failed() {
  echo "apt could not install what is missing; its own words are above." >&2
  exit 3
}
"${as_root[@]}" apt-get update -qq || failed
packages=()
for index in "${!missing[@]}"; do
  IFS='|' read -ra choices <<<"${missing[$index]}"
  if [ ${#choices[@]} -gt 1 ]; then
    packages+=("$(recent_enough "${oldest[$index]}" "${choices[@]}")")
  else
    packages+=("${choices[0]}")
  fi
done
echo "Installing: ${packages[*]}"
archives=()
if [ -n "${LAB_DEBIAN_PACKAGES:-}" ]; then
  mkdir -p "$LAB_DEBIAN_PACKAGES/partial"
  archives=(-o "Dir::Cache::archives=$LAB_DEBIAN_PACKAGES")
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -qq -y --no-install-recommends "${archives[@]}" "${packages[@]}" >/dev/null || failed
if [ ${#archives[@]} -gt 0 ]; then # what is left of apt's own is readable by root alone
  "${as_root[@]}" rm -rf "$LAB_DEBIAN_PACKAGES/partial" "$LAB_DEBIAN_PACKAGES/lock"
fi
