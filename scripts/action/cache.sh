#!/usr/bin/env bash
# The action's step "Name the cache": which folder is kept between runs, and under which key, as outputs of the step.
# The key is a hash of all that decides what is downloaded and compiled: distribution, Python, a compiler that is there
# already, the lists of Debian and Python packages, the pins and recipes of third_party, targets, inputs.
# Where Renode is to be installed its folder is another one, and its key the SHA-256 of the archive.
set -euo pipefail
action=$(cd "$(dirname "$0")/../.." && pwd)

# As in lab/places.py: the caller's own project, if that is what the workspace is, else the one of this repository.
project=${LAB_PROJECT:-$PWD}
for folder in firmware models renode_platforms robot_tests; do
  [ -d "$project/$folder" ] || project=$action
done

# shellcheck source=/dev/null
system=$(. /etc/os-release && echo "$ID-${VERSION_ID:-rolling}-$(uname -m)")

content=$(
  python3 --version 2>&1 || true
  arm-none-eabi-gcc --version 2>&1 || true
  echo "$INPUT_WORKLOADS / $INPUT_TARGETS / $INPUT_TFLM"
  cat "$action/pyproject.toml" "$action"/requirements/*.txt | sha256sum
  cd "$project"
  find firmware renode_platforms -type f \
    '(' -path 'firmware/third_party/*' -o -path 'firmware/toolchains/*' -o -path 'renode_platforms/*' ')' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum
)

echo "folder=$RUNNER_TEMP/lab-cache" >>"$GITHUB_OUTPUT"
echo "key=lab-$system-$(sha256sum <<<"$content" | cut -c 1-16)" >>"$GITHUB_OUTPUT"

case $INPUT_ENGINE in renode | both) ;; *) exit ;; esac
[ -z "${RENODE_PATH:-}" ] || exit 0 # the caller has brought one
case $(uname -m) in aarch64) kind=linux-arm64 ;; *) kind=linux ;; esac
hash=$(sed -n "s/ .*\\.$kind-portable\\.tar\\.gz$//p" "$action/lab/engines/renode/release.sha256")
echo "renode-folder=$RUNNER_TEMP/lab-renode" >>"$GITHUB_OUTPUT"
echo "renode-key=renode-$hash" >>"$GITHUB_OUTPUT"
