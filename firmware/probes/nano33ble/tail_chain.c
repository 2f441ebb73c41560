// Several exceptions pending at once run by priority, then by number, without a way back to the thread between them.
#include "probe.h"

void PendSV_Handler(void) { mark(0x14); }

void SysTick_Handler(void) { mark(0x15); }

void IRQ20_Handler(void) {
  mark(0x20);
  REG(0xE000ED04) = 1u << 28;
  REG(0xE000E200) = 1u << 21;
  __asm volatile("dsb\nisb");
  mark(0x21);
}

void IRQ21_Handler(void) { mark(0x30); }

void Reset_Handler(void) {
  irq_enable(20);
  irq_enable(21);
  for (uint32_t round = 0; round < 3; round++) {
    *(volatile uint8_t *)0xE000ED22 = (uint8_t)(round == 1 ? 0x40 : 0x80);
    *(volatile uint8_t *)0xE000ED23 = (uint8_t)(round == 2 ? 0x40 : 0x80);
    irq_priority(20, 0x80);
    irq_priority(21, 0x80);
    __asm volatile("cpsid i");
    REG(0xE000ED04) = 1u << 26 | 1u << 28;
    REG(0xE000E200) = 3u << 20;
    mark(round);
    __asm volatile("cpsie i");
    mark(0x100 + round);
  }
  for (;;) __asm volatile("wfi");
}
