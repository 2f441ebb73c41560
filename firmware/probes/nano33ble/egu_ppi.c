// EGU: triggered events and their interrupt. PPI: an event of the EGU, of a timer and of the RTC starts tasks of
// another device; a fork; channels that are switched on and off, and by a group. It looks a while after each event.
#include "probe.h"

enum { EGU0 = 0x40014000, EGU1 = 0x40015000, PPI = 0x4001F000, TIMER1 = 0x40009000, RTC1 = 0x40011000 };

void IRQ20_Handler(void) {
  for (uint32_t n = 0; n < 16; n++) {
    if (!REG(EGU0 + 0x100 + 4 * n)) continue;
    REG(EGU0 + 0x100 + 4 * n) = 0;
    (void)REG(EGU0 + 0x100);
    mark(n);
  }
}

static void wire(uint32_t channel, uint32_t event, uint32_t task) {
  REG(PPI + 0x510 + 8 * channel) = event;
  REG(PPI + 0x514 + 8 * channel) = task;
}

static void look(uint32_t id) {
  for (volatile int i = 0; i < 3000; i++) {
  }
  uint32_t seen = 0;
  for (uint32_t n = 0; n < 16; n++) {
    seen |= REG(EGU1 + 0x100 + 4 * n) << n;
    REG(EGU1 + 0x100 + 4 * n) = 0;
  }
  mark(id + seen);
}

void Reset_Handler(void) {
  irq_enable(20);
  REG(EGU0 + 0x304) = 0xFF;
  mark(REG(EGU0 + 0x300));
  REG(EGU0 + 0x000) = 1;
  REG(EGU0 + 0x004) = 1;
  REG(EGU0 + 0x03C) = 1;  // its interrupt is off
  mark(0x200 + REG(EGU0 + 0x13C));
  REG(EGU0 + 0x308) = 0xFF;
  mark(REG(EGU0 + 0x304));
  wire(0, EGU0 + 0x108, EGU1 + 0x000);
  wire(1, EGU0 + 0x10C, EGU1 + 0x004);
  REG(PPI + 0x910 + 4) = EGU1 + 0x008;
  REG(PPI + 0x504) = 3;
  mark(REG(PPI + 0x500));
  REG(EGU0 + 0x008) = 1;
  look(0x10000);
  REG(EGU0 + 0x00C) = 1;
  look(0x20000);
  REG(EGU0 + 0x00C) = 1;  // its event is there already
  look(0x30000);
  REG(EGU0 + 0x108) = 0;
  REG(EGU0 + 0x108) = 1;  // by firmware, not by the task
  look(0x40000);
  REG(PPI + 0x508) = 1;
  mark(REG(PPI + 0x504));
  REG(EGU0 + 0x008) = 1;
  look(0x50000);
  wire(2, TIMER1 + 0x140, EGU1 + 0x010);
  wire(3, TIMER1 + 0x144, EGU1 + 0x01C);
  REG(PPI + 0x504) = 0xC;
  REG(TIMER1 + 0x508) = 3;
  REG(TIMER1 + 0x510) = 0;
  REG(TIMER1 + 0x540) = 1000;
  REG(TIMER1 + 0x544) = 1600;
  REG(TIMER1 + 0x000) = 1;
  look(0x60000);
  mark(0x300 + REG(TIMER1 + 0x140) + 2 * REG(TIMER1 + 0x144));
  REG(TIMER1 + 0x004) = 1;
  wire(5, RTC1 + 0x14C, EGU1 + 0x020);
  REG(PPI + 0x504) = 1u << 5;
  REG(RTC1 + 0x54C) = 4;
  REG(RTC1 + 0x344) = 1u << 19;
  REG(RTC1 + 0x000) = 1;
  look(0x70000);
  mark(0x400 + REG(RTC1 + 0x14C));
  REG(RTC1 + 0x004) = 1;
  wire(4, EGU0 + 0x110, EGU1 + 0x014);
  REG(PPI + 0x800) = 1u << 4;
  REG(EGU0 + 0x010) = 1;
  look(0x80000);
  REG(PPI + 0x000) = 1;
  REG(EGU0 + 0x010) = 1;
  look(0x90000);
  REG(PPI + 0x004) = 1;
  REG(EGU0 + 0x010) = 1;
  look(0xA0000);
  wire(6, EGU0 + 0x118, EGU0 + 0x01C);  // one after the other
  wire(7, EGU0 + 0x11C, EGU1 + 0x024);
  REG(PPI + 0x504) = 0xC0;
  REG(EGU0 + 0x018) = 1;
  look(0xB0000);
  look(0xC0000);
  for (;;) __asm volatile("wfi");
}
