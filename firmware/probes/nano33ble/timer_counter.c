// TIMER as a counter: TASKS_COUNT, compare at the third.
#include "probe.h"

void TIMER0_Handler(void) {
  REG(0x40008140) = 0;
  mark(0x100);
}

void Reset_Handler(void) {
  irq_enable(IRQ_TIMER);
  REG(0x40008504) = 1;
  REG(0x40008540) = 3;
  REG(0x40008304) = 1u << 16;
  REG(0x40008000) = 1;
  for (uint32_t i = 1; i <= 5; i++) {
    REG(0x40008008) = 1;
    __asm volatile("dsb\nisb");
    REG(0x40008044) = 1;
    mark(REG(0x40008544));
  }
  for (;;) __asm volatile("wfi");
}
