// The stack runs out at the bottom of RAM, and an interrupt comes.
#include "probe.h"

void IRQ20_Handler(void) { mark(2); }

void Reset_Handler(void) {
  irq_enable(20);
  mark(1);
  __asm volatile("mov sp, %0" ::"r"(0x20000010));
  REG(0xE000E200) = 1u << 20;
  __asm volatile("dsb\nisb");
  mark(3);
  for (;;) __asm volatile("wfi");
}
