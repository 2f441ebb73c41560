// SysTick, TIMER0 re-armed in its handler and PDM buffers at once; pseudo-random work and WFI in the main loop.
#include "probe.h"

void SysTick_Handler(void) {
  result[0]++;
  for (volatile int i = 0; i < 20; i++) {
  }
}

void TIMER0_Handler(void) {
  timer_rearm();
  result[1]++;
}

void PDM_Handler(void) {
  pdm_clear();
  result[2]++;
  for (volatile int i = 0; i < 300; i++) {
  }
}

void Reset_Handler(void) {
  irq_enable(IRQ_TIMER);
  irq_enable(IRQ_PDM);
  pdm_start(160);
  systick_start(64000);
  timer_start(4, 777);
  for (uint32_t s = 1;;) {
    s = s * 1664525u + 1013904223u;
    for (volatile uint32_t i = 0; i < (s >> 22); i++) {
    }
    if (s & 0x100000) __asm volatile("wfi");
  }
}
