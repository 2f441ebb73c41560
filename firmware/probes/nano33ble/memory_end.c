// The first and the last words of RAM and flash, code at the end of RAM.
#include "probe.h"

void Reset_Handler(void) {
  REG(0x2003FFFC) = 0x12345678;
  *(volatile uint8_t *)0x2003FFFF = 0x9A;
  result[0] = REG(0x2003FFFC);
  mark(result[0]);
  result[1] = REG(0x000FFFFC);
  mark(result[1]);
  REG(0x2003FFF0) = 0x4770202A;  // movs r0, #42; bx lr
  __asm volatile("dsb\nisb");
  uint32_t (*answer)(void) = (uint32_t (*)(void))0x2003FFF1;
  result[2] = answer();
  mark(result[2]);
  for (;;) __asm volatile("wfi");
}
