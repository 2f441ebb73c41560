// A long low-priority handler (PDM) is interrupted by TIMER0 and SysTick; equal priorities tail-chain.
#include "probe.h"

void SysTick_Handler(void) {
  result[0]++;
  mark(0x100);
  for (volatile int i = 0; i < 50; i++) {
  }
  mark(0x101);
}

void TIMER0_Handler(void) {
  timer_rearm();
  result[1]++;
  for (volatile int i = 0; i < 30; i++) {
  }
  mark(0x200);
}

void PDM_Handler(void) {
  mark(0x300);
  pdm_clear();
  result[2]++;
  for (volatile int i = 0; i < 9000; i++) {
  }
  mark(0x301);
}

void Reset_Handler(void) {
  irq_priority(IRQ_PDM, 0xE0);
  irq_priority(IRQ_TIMER, 0x40);
  *(volatile uint8_t *)0xE000ED23 = 0x40;
  irq_enable(IRQ_TIMER);
  irq_enable(IRQ_PDM);
  pdm_start(160);
  systick_start(15999);
  timer_start(4, 1000);
  for (;;) __asm volatile("wfi");
}
