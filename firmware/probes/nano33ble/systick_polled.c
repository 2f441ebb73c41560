// SysTick without interrupt: COUNTFLAG is polled and clears when it is read; VAL; LOAD changed on the way.
#include "probe.h"

void Reset_Handler(void) {
  REG(0xE000E014) = 2000;
  REG(0xE000E018) = 0;
  REG(0xE000E010) = 5;
  for (uint32_t i = 0; i < 6; i++) {
    while (!(REG(0xE000E010) & 1u << 16)) {
    }
    mark(REG(0xE000E018));
    if (i == 2) REG(0xE000E014) = 3333;
  }
  REG(0xE000E010) = 0;
  mark(REG(0xE000E010));
  for (;;) __asm volatile("wfi");
}
