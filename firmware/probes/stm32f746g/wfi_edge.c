// SysTick rings ever later around the WFI that waits for it: before, at, and behind the very instruction.
#include "probe.h"
static volatile uint32_t rung;
void SysTick_Handler(void) { rung++; }
void Reset_Handler(void) {
  for (uint32_t load = 540; load < 702; load++) {
    REG(0xE000E014) = load;
    REG(0xE000E018) = 0;
    REG(0xE000E010) = 7;
    __asm volatile(".rept 600\n nop\n .endr\n wfi" ::: "memory");
    mark(load << 8 | rung);
  }
  for (;;) __asm volatile("wfi");
}
