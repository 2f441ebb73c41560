// IWDG: its registers are locked; it is reloaded in time.
#include "probe.h"

enum { IWDG = 0x40003000, KR = 0, PR = 4, RLR = 8, SR = 0xC, WINR = 0x10 };

void TIM2_Handler(void) {
  REG(0x40000010) = 0;
  (void)REG(0x40000010);
  REG(IWDG + KR) = 0xAAAA;
  mark(0x100);
}

void Reset_Handler(void) {
  mark(REG(IWDG + PR));
  mark(REG(IWDG + RLR));
  mark(REG(IWDG + WINR));
  REG(IWDG + KR) = 0x5555;
  REG(IWDG + PR) = 1;
  REG(IWDG + RLR) = 399;
  mark(REG(IWDG + PR));
  mark(REG(IWDG + RLR));
  mark(REG(IWDG + SR));
  REG(IWDG + KR) = 0xAAAA;
  REG(IWDG + KR) = 0xCCCC;
  irq_enable(IRQ_TIM2);
  REG(0x40000028) = 107;
  REG(0x4000002C) = 90000;
  REG(0x4000000C) = 1;
  REG(0x40000000) = 1;
  for (;;) __asm volatile("wfi");
}
