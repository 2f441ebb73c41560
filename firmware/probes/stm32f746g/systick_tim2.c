// SysTick and TIM2 update interrupts, WFI in the main loop; TIM2's period is ARR ticks in Renode.
#include "probe.h"
void SysTick_Handler(void) {
  result[0]++;
  for (volatile int i = 0; i < 25; i++) {
  }
}
void TIM2_Handler(void) {
  REG(0x40000010) = 0;
  result[1]++;
}
void Reset_Handler(void) {
  REG(0xE000E100) = 1u << 28;
  REG(0x40000028) = 107;
  REG(0x4000002C) = 999;
  REG(0x40000014) = 1;
  REG(0x40000010) = 0;
  REG(0x4000000C) = 1;
  REG(0x40000000) = 1;
  REG(0xE000E014) = 54000;
  REG(0xE000E018) = 0;
  REG(0xE000E010) = 7;
  for (;;) __asm volatile("wfi");
}
