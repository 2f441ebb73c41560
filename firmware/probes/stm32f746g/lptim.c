// LPTIM: rounds without an end, then a single one; match and reload flags and their interrupt.
#include "probe.h"

enum { LPTIM = 0x40002400, ISR = 0, ICR = 4, IER = 8, CFGR = 0xC, CR = 0x10, ARR = 0x18, FLAGS = 0x1F };

static void *table[128] __attribute__((aligned(1024)));

static void on_any(void) {
  mark(0x100 + (REG(LPTIM + ISR) & FLAGS));
  REG(LPTIM + ICR) = REG(LPTIM + ISR);
  (void)REG(LPTIM + ISR);
  result[0]++;
}

void Reset_Handler(void) {
  for (uint32_t n = 0; n < 128; n++) table[n] = (void *)on_any;
  REG(0xE000ED08) = (uint32_t)table;
  irq_enable(93);
  mark(REG(LPTIM + ARR));
  mark(REG(LPTIM + ISR) & FLAGS);
  REG(LPTIM + IER) = 2;
  REG(LPTIM + CR) = 1;
  REG(LPTIM + ARR) = 99;
  mark(REG(LPTIM + ISR) & FLAGS);
  REG(LPTIM + ICR) = 0x10;
  mark(REG(LPTIM + ISR) & FLAGS);
  mark(0x50);
  REG(LPTIM + CR) = 5;
  while (result[0] < 4) __asm volatile("wfi");
  REG(LPTIM + CR) = 0;
  mark(0x200);
  REG(LPTIM + CFGR) = 2 << 9;
  REG(LPTIM + CR) = 1;
  REG(LPTIM + ARR) = 49;
  REG(LPTIM + ICR) = 0x10;
  REG(LPTIM + CR) = 3;
  while (result[0] < 5) __asm volatile("wfi");
  mark(0x300);
  for (;;) __asm volatile("wfi");
}
