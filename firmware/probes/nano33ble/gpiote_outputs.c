// GPIOTE: events of a pin that the chip drives itself, with its input connected.
#include "probe.h"

enum { P0 = 0x50000000, GPIOTE = 0x40006000 };

static void show(uint32_t id) { mark(id + REG(GPIOTE + 0x100) + 2 * REG(GPIOTE + 0x17C)); }

void Reset_Handler(void) {
  REG(P0 + 0x700 + 4 * 3) = 1;
  REG(P0 + 0x700 + 4 * 4) = 1 | 2 << 16;
  REG(GPIOTE + 0x510) = 1 | 3 << 8 | 1 << 16;
  mark(0x100);
  show(0x200);
  REG(P0 + 0x508) = 1u << 3;
  show(0x300);
  REG(GPIOTE + 0x100) = 0;
  REG(P0 + 0x50C) = 1u << 3;
  show(0x400);
  REG(P0 + 0x508) = 1u << 4;
  show(0x500);
  for (;;) __asm volatile("wfi");
}
