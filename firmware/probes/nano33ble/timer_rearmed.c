// TIMER0 compare, cleared and re-armed in its own handler, long straight-line blocks in the main loop.
#include "probe.h"

void TIMER0_Handler(void) {
  timer_rearm();
  result[0]++;
}

void Reset_Handler(void) {
  irq_enable(IRQ_TIMER);
  timer_start(4, 777);
  for (uint32_t n = 0;;) {
    __asm volatile(".rept 150\n adds %0, #1\n .endr" : "+r"(n));
  }
}
