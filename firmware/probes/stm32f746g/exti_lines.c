// EXTI: registers, software interrupts of lines of their own and of shared ones, which stay until they are cleared.
#include "probe.h"

enum { EXTI = 0x40013C00, IMR = 0, EMR = 4, RTSR = 8, FTSR = 0xC, SWIER = 0x10, PR = 0x14 };

static void *table[128] __attribute__((aligned(1024)));

static void on_any(void) {
  uint32_t number;
  __asm volatile("mrs %0, ipsr" : "=r"(number));
  mark(0x1000 + number);
  mark(REG(EXTI + PR));
  mark(REG(EXTI + SWIER));
  REG(EXTI + PR) = 0xFFFFFF;
  (void)REG(EXTI + PR);
}

void Reset_Handler(void) {
  for (uint32_t n = 0; n < 128; n++) table[n] = (void *)on_any;
  REG(0xE000ED08) = (uint32_t)table;
  for (uint32_t n = 6; n <= 10; n++) irq_enable(n);
  irq_enable(23);
  irq_enable(40);
  REG(EXTI + IMR) = 0xFFFF;
  REG(EXTI + RTSR) = 0x00FF;
  REG(EXTI + FTSR) = 0xF000;
  mark(REG(EXTI + IMR));
  mark(REG(EXTI + RTSR));
  mark(REG(EXTI + FTSR));
  for (uint32_t line = 0; line < 16; line++) {
    REG(EXTI + SWIER) = 1u << line;
    mark(0x2000 + line);
  }
  REG(EXTI + SWIER) = 0x0C60;  // two of each shared interrupt
  mark(0x3000);
  REG(EXTI + IMR) = 0;
  REG(EXTI + SWIER) = 0xFFFF;
  mark(REG(EXTI + PR));
  mark(0x4000);
  for (;;) __asm volatile("wfi");
}
