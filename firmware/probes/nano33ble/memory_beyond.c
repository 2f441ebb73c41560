// One word past the end of RAM.
#include "probe.h"

void HardFault_Handler(void) {
  mark(0xBAD);
  for (;;) __asm volatile("wfi");
}

void Reset_Handler(void) {
  mark(1);
  result[0] = REG(0x20040000);
  mark(2);
  REG(0x20040000) = 1;
  mark(3);
  for (;;) __asm volatile("wfi");
}
