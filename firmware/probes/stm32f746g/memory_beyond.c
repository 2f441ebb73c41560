// The word right behind RAM.
#include "probe.h"
void Reset_Handler(void) {
  mark(1);
  REG(0x20050000) = 0x12345678;
  mark(2);
  result[0] = REG(0x20050000);
  mark(3);
  for (;;) __asm volatile("wfi");
}
