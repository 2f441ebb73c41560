#!/usr/bin/env bash
# The action's step "Install": the lab into a virtual environment of its own, and the Debian packages that it builds
# with; nothing else on the machine changes. What is downloaded stays in LAB_CACHE. install.sh FOLDER
set -euo pipefail
export LAB_DEBIAN_PACKAGES=$LAB_CACHE/debian PIP_CACHE_DIR=$LAB_CACHE/pip
root=$(dirname "$0")/../..
"$root/scripts/venv.sh" "" "$1"
"$root/firmware/toolchains/install.sh" run
if [ "$INPUT_TFLM" = upstream ]; then "$1/bin/lab" setup tflm; fi
