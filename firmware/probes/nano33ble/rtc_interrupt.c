// RTC: who asks for the interrupt of COMPARE. INTEN without EVTEN, EVTEN without INTEN, an event that is pending when
// INTENSET comes; INTENCLR takes the request back. TIMER0 paces it: COUNTER is not polled.
#include "probe.h"

static volatile uint32_t paces;

void TIMER0_Handler(void) {
  REG(0x40008140) = 0;
  (void)REG(0x40008140);
  paces++;
}

void RTC0_Handler(void) {
  for (uint32_t n = 0; n < 3; n++) {
    if (!REG(0x4000B140 + 4 * n)) continue;
    REG(0x4000B140 + 4 * n) = 0;
    mark(n);
    result[n]++;
  }
  (void)REG(0x4000B140);
}

static void pace(void) {
  uint32_t before = paces;
  while (paces == before) __asm volatile("wfi");
  mark(0x100 + REG(0x4000B504));
}

void Reset_Handler(void) {
  irq_enable(IRQ_RTC);
  irq_enable(IRQ_TIMER);
  timer_start(4, 400);
  REG(0x4000B540) = 3;
  REG(0x4000B544) = 5;
  REG(0x4000B548) = 7;
  REG(0x4000B304) = 1u << 16;  // CC[0]: interrupt only
  REG(0x4000B344) = 1u << 17;  // CC[1]: event routing only
  REG(0x4000B000) = 1;
  pace();
  result[3] = REG(0x4000B140) + 2 * REG(0x4000B144) + 4 * REG(0x4000B148);
  REG(0x4000B304) = 1u << 18;  // CC[2] has happened
  mark(0x200 + result[2]);
  REG(0x4000B540) = 20;
  REG(0x4000B308) = 1u << 16;
  timer_rearm();
  pace();
  timer_rearm();
  pace();
  result[4] = REG(0x4000B140);
  result[5] = REG(0x4000B304);
  result[6] = REG(0x4000B340);
  mark(0x300 + result[4]);
  for (;;) __asm volatile("wfi");
}
