// The GE flags of the thread, while a handler sets others: SEL chooses by them.
#include "probe.h"

void IRQ20_Handler(void) {
  uint32_t sum;
  __asm volatile("uadd8 %0, %1, %1" : "=r"(sum) : "r"(0));
  result[0] += sum + 1;
}

void Reset_Handler(void) {
  irq_enable(20);
  uint32_t sum, chosen;
  mark(1);
  __asm volatile("uadd8 %0, %1, %1" : "=r"(sum) : "r"(0xFFFFFFFF));
  REG(0xE000E200) = 1u << 20;
  __asm volatile("dsb\nisb\nsel %0, %1, %2" : "=r"(chosen) : "r"(0x600D), "r"(0xBAD));
  result[1] = sum;
  mark(chosen);
  for (;;) __asm volatile("wfi");
}
