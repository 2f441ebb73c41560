// The state of a RISC-V hart beyond its registers: machine mode, RISC-V Instruction Set Manual, Volume II, 20211203.
#pragma once

#include <stdint.h>

struct riscv {
  uint64_t written_cycles, written_instructions;  // what firmware's writes to mcycle and minstret add to the true count
  uint32_t events, counting;                      // mpcer and mpcmr of an ESP32-C3
  uint32_t counter;                               // its mpccr: its value, or while it counts, what it adds to the count
  uint32_t lines;                                 // interrupt inputs: bit n arrives as mcause 0x80000000 | n
  uint32_t granted;  // the bit of the one that a controller of the chip lets through, whatever mie says
  uint32_t mstatus, mie, mtvec, mscratch, mepc, mcause, mtval;
  uint32_t traps;       // entered and not yet left with mret
  uint32_t fault_pc;    // where the last fault was
  uint32_t fault_open;  // whether its handler has not returned
  uint32_t atomics;     // whether it has the A extension, which a reset leaves as it is
};
