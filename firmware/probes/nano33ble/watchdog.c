// WDT: registers before and after the start, requests of two of its registers, and TIMEOUT's interrupt. It is fed in
// time; the second probe lets it end the run.
#include "probe.h"

enum { WDT = 0x40010000, RELOAD = 0x6E524635 };

static void wait_us(uint32_t us) {
  REG(0x40008140) = 0;
  REG(0x40008010 - 4) = 1;
  timer_start(4, us);
  __asm volatile("wfi");
}

void TIMER0_Handler(void) {
  REG(0x40008140) = 0;
  (void)REG(0x40008140);
  REG(0x40008004) = 1;
}

void Reset_Handler(void) {
  irq_enable(IRQ_TIMER);
  mark(REG(WDT + 0x400));
  mark(REG(WDT + 0x404));
  mark(REG(WDT + 0x504));
  REG(WDT + 0x504) = 327;
  REG(WDT + 0x508) = 5;
  mark(REG(WDT + 0x504));
  mark(REG(WDT + 0x508));
  mark(REG(WDT + 0x404));
  REG(WDT + 0x000) = 1;
  mark(REG(WDT + 0x400));
  REG(WDT + 0x504) = 100;
  REG(WDT + 0x508) = 3;
  mark(REG(WDT + 0x504));
  mark(REG(WDT + 0x508));
  for (uint32_t n = 0; n < 6; n++) {
    wait_us(7000);
    REG(WDT + 0x600) = RELOAD;
    mark(0x100 + REG(WDT + 0x404));
    REG(WDT + 0x600) = 1;
    REG(WDT + 0x608) = RELOAD;
    mark(0x200 + REG(WDT + 0x404));
  }
  for (;;) {
    wait_us(9000);
    REG(WDT + 0x608) = RELOAD;
    REG(WDT + 0x600) = RELOAD;
  }
}
