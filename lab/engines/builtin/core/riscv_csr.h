// What the two halves of the RISC-V hart share: riscv.c (instructions and traps) and riscv_csr.c.
#pragma once

#include "core.h"

enum { MSTATUS_MIE = 1 << 3, MSTATUS_MPIE = 1 << 7, MSTATUS_MPP = 3 << 11 };

void reset_counter(struct core *core);
bool read_csr(struct core *core, uint32_t number, uint32_t *value);
bool write_csr(struct core *core, uint32_t number, uint32_t value);
