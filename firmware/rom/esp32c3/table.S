// The first instructions of the chip, and the table through which everybody calls the ROM's functions.
  .section .table, "ax"
  .option norvc
  .option norelax
  .global _start
_start:
  la sp, _stack
  j boot

  .org 0x10
  .word 5  // chip: ESP32-C3
  .org 0x14
  .word 3  // ECO3: chip revision 0.3

#define FUNCTION(address, name) \
  .org address - 0x40000000; \
  j name
#include "functions.inc"
