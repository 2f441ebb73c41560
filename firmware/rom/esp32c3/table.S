// The first instructions of the chip, and the table through which everybody calls the ROM's functions.
  .section .table, "ax"
  .option norvc
  .option norelax
  .global _start, _status
#define STATUS 8  // esp-hal and ESP-IDF find interrupts let in
_status = STATUS
_start:
  la sp, _stack
  csrsi mstatus, STATUS
  j boot

  .org 0x10
  .word 5  // chip: ESP32-C3
  .org 0x14
  .word 3  // ECO3: chip revision 0.3

#define FUNCTION(address, name) \
  .org address - 0x40000000; \
  j name
#include "functions.inc"
