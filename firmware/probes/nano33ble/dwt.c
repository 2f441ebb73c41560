// DWT: CYCCNT runs with virtual time, through WFI too; it is stopped, set and started again.
#include "probe.h"

static uint32_t cycles(void) { return REG(0xE0001004); }

void SysTick_Handler(void) { result[0]++; }

void Reset_Handler(void) {
  REG(0xE000EDFC) |= 1u << 24;
  result[1] = cycles();
  mark(result[1]);
  REG(0xE0001000) |= 1;
  result[2] = cycles();
  mark(result[2]);
  for (volatile int i = 0; i < 100; i++) {
  }
  result[3] = cycles();
  mark(result[3]);
  systick_start(12345);
  for (int i = 0; i < 5; i++) {
    __asm volatile("wfi");
    result[4 + i] = cycles();
    mark(result[4 + i]);
  }
  REG(0xE0001000) &= ~1u;
  result[9] = cycles();
  for (volatile int i = 0; i < 100; i++) {
  }
  result[10] = cycles();
  mark(result[10]);
  REG(0xE0001004) = 1000;
  result[11] = cycles();
  REG(0xE0001000) |= 1;
  for (volatile int i = 0; i < 100; i++) {
  }
  result[12] = cycles();
  mark(result[12]);
  for (;;) __asm volatile("wfi");
}
