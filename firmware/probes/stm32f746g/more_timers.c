// TIM1 to TIM14: update interrupts, those of TIM1 and TIM8 on their own lines, compare events, one pulse, UG.
#include "probe.h"

static void *table[128] __attribute__((aligned(1024)));
static const uint32_t base[14] = {0x40010000, 0x40000000, 0x40000400, 0x40000800, 0x40000C00, 0x40001000, 0x40001400,
                                  0x40010400, 0x40014000, 0x40014400, 0x40014800, 0x40001800, 0x40001C00, 0x40002000};
static const uint8_t lines[] = {25, 27, 28, 29, 30, 50, 54, 55, 44, 46, 24, 26, 43, 45};

static void on_any(void) {
  uint32_t number;
  __asm volatile("mrs %0, ipsr" : "=r"(number));
  mark(0x1000 + number);
  for (uint32_t n = 0; n < 14; n++) {
    uint32_t flags = REG(base[n] + 0x10) & REG(base[n] + 0x0C);
    if (!flags) continue;
    mark(0x100 * n + flags);
    REG(base[n] + 0x10) = ~flags;
    (void)REG(base[n] + 0x10);
  }
}

void Reset_Handler(void) {
  for (uint32_t n = 0; n < 128; n++) table[n] = (void *)on_any;
  REG(0xE000ED08) = (uint32_t)table;
  for (uint32_t n = 0; n < sizeof lines; n++) irq_enable(lines[n]);
  for (uint32_t n = 0; n < 14; n++) {
    mark(0x2000 + REG(base[n] + 0x2C));
    REG(base[n] + 0x28) = 9;
    REG(base[n] + 0x2C) = 10000 + 777 * n;
    if (n % 3 == 0) REG(base[n] + 0x34) = 4000 + 100 * n;
    REG(base[n] + 0x0C) = n % 3 ? 1 : 3;
    if (n % 4 == 1) REG(base[n]) = 1 << 3;  // one pulse
    REG(base[n]) |= 1;
  }
  while (REG(0x40000424) < 3000) {
  }
  REG(base[2] + 0x14) = 1;
  mark(0x3000 + (REG(base[1]) & 1));
  for (;;) __asm volatile("wfi");
}
