// TIMER: three compare channels at once, CAPTURE, STOP and START, CLEAR, another prescaler on the way.
#include "probe.h"

static uint32_t capture(uint32_t channel) {
  REG(0x40008040 + 4 * channel) = 1;
  return REG(0x40008540 + 4 * channel);
}

void TIMER0_Handler(void) {
  for (uint32_t channel = 0; channel < 3; channel++) {
    if (REG(0x40008140 + 4 * channel)) {
      REG(0x40008140 + 4 * channel) = 0;
      result[channel]++;
      mark(channel);
    }
  }
}

void Reset_Handler(void) {
  irq_enable(IRQ_TIMER);
  REG(0x40008508) = 3;
  REG(0x40008510) = 4;
  REG(0x40008540) = 500;
  REG(0x40008544) = 300;
  REG(0x40008548) = 300;
  REG(0x40008304) = 7u << 16;
  REG(0x40008000) = 1;
  for (int i = 0; i < 3; i++) {
    __asm volatile("wfi");
    mark(0x1000 + capture(3));
  }
  for (volatile int i = 0; i < 1000; i++) {
  }
  mark(0x2000 + capture(3));
  REG(0x40008004) = 1;
  for (volatile int i = 0; i < 1000; i++) {
  }
  mark(0x3000 + capture(3));
  REG(0x40008000) = 1;
  for (volatile int i = 0; i < 1000; i++) {
  }
  mark(0x4000 + capture(3));
  REG(0x40008510) = 2;
  REG(0x4000800C) = 1;
  for (volatile int i = 0; i < 1000; i++) {
  }
  mark(0x5000 + capture(3));
  for (;;) __asm volatile("wfi");
}
