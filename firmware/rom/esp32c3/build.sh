#!/usr/bin/env bash
# Build the ROM stand-in from what is beside this file: build.sh ELF. Only its symbols are kept, no debug information.
set -euo pipefail
here=$(dirname "$0")
options=(-march=rv32imc -misa-spec=2.2 -mabi=ilp32 -Os -ffreestanding -fno-builtin -fno-tree-loop-distribute-patterns
  -fno-common -ffunction-sections -Wall -Wextra -Werror -nostdlib -mno-relax -msmall-data-limit=0
  -fno-asynchronous-unwind-tables)
riscv64-unknown-elf-gcc "${options[@]}" -Wl,--build-id=none,--no-warn-rwx-segments,-T,"$here/rom.ld" -I"$here" \
  "$here"/*.S "$here"/*.c -o "$1"
riscv64-unknown-elf-strip --strip-debug "$1"
chmod 644 "$1"
