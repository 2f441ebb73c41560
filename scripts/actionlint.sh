#!/usr/bin/env bash
# Build actionlint, which no package index has as a binary, into .venv/bin. Go checks what it downloads against its
# public record of checksums. Later versions need a newer Go than Debian 12 has.
set -euo pipefail
cd "$(dirname "$0")/.."
version=v1.7.7
[ "$(.venv/bin/actionlint -version 2>/dev/null | head -n 1)" = "$version" ] && exit
echo "Building actionlint $version"
GOBIN=$PWD/.venv/bin go install "github.com/rhysd/actionlint/cmd/actionlint@$version"
