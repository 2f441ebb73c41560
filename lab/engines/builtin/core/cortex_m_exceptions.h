// What the two halves of the Cortex-M share: cortex_m.c (instructions) and cortex_m_exceptions.c.
#pragma once

#include "core.h"

// Exception numbers.
enum { NMI = 2, HARD_FAULT = 3, MEM_MANAGE = 4, BUS_FAULT = 5, USAGE_FAULT = 6, SVCALL = 11, DEBUG_MONITOR = 12 };

// Bits of CFSR, HFSR, SCR, CCR and FPCCR.
enum {
  IACCVIOL = 1 << 0,
  DACCVIOL = 1 << 1,
  MSTKERR = 1 << 4,
  MMARVALID = 1 << 7,
  IBUSERR = 1 << 8,
  PRECISERR = 1 << 9,
  BFARVALID = 1 << 15,
  UNDEFINSTR = 1 << 16,
  INVSTATE = 1 << 17,
  INVPC = 1 << 18,
  NOCP = 1 << 19,
  UNALIGNED = 1 << 24,
  HFSR_FORCED = 1 << 30,
  HFSR_DEBUGEVT = 1u << 31,
  SCR_SLEEPONEXIT = 1 << 1,
  CCR_UNALIGN_TRP = 1 << 3,
  CCR_STKALIGN = 1 << 9,
  FPCCR_LSPACT = 1 << 0,
  FPCCR_LSPEN = 1 << 30,
};

enum { FPU = 10 };  // its coprocessor: in place of an address, a fault with NOCP has the number of the coprocessor

bool interrupt_pending(const struct core *core);
bool in_fault(const struct core *core);
bool priority_is_negative(struct core *core);
bool would_preempt(struct core *core, bool with_primask);
int take_fault(struct core *core, int number, uint32_t status, uint32_t pc, uint32_t address);
void preserve_floats(struct core *core);
int take_pending(struct core *core);
int handle_exception_of_unicorn(struct core *core);
