// PPI: when a task follows its event, one that firmware raises and one of a timer.
#include "probe.h"

enum { EGU0 = 0x40014000, EGU1 = 0x40015000, PPI = 0x4001F000, TIMER1 = 0x40009000 };

void IRQ21_Handler(void) {
  REG(EGU1 + 0x100) = 0;
  (void)REG(EGU1 + 0x100);
  result[0]++;
}

void Reset_Handler(void) {
  irq_enable(21);
  REG(EGU1 + 0x304) = 1;
  REG(PPI + 0x510) = EGU0 + 0x100;
  REG(PPI + 0x514) = EGU1 + 0x000;
  REG(PPI + 0x518) = TIMER1 + 0x140;
  REG(PPI + 0x51C) = EGU1 + 0x000;
  REG(PPI + 0x504) = 3;
  mark(0x100);
  REG(EGU0 + 0x000) = 1;
  while (result[0] < 1) __asm volatile("wfi");
  REG(TIMER1 + 0x510) = 0;
  REG(TIMER1 + 0x540) = 1000;
  REG(TIMER1 + 0x000) = 1;
  while (result[0] < 2) __asm volatile("wfi");
  mark(0x200);
  for (;;) __asm volatile("wfi");
}
