// GPIOTE: a channel drives its pin by OUT, SET and CLR, from OUTINIT on; channels that are off, or for events, do not.
#include "probe.h"

enum { P0 = 0x50000000, GPIOTE = 0x40006000, CONFIG = 0x510 };
enum { EVENT = 1, TASK = 3, RISES = 1 << 16, FALLS = 2 << 16, TOGGLES = 3 << 16, OUTINIT = 1 << 20 };

static void show(void) {
  mark(REG(P0 + 0x504));
  mark(REG(P0 + 0x510));
  mark(REG(P0 + 0x514));
}

void Reset_Handler(void) {
  REG(P0 + 0x518) = 0xF;
  REG(GPIOTE + CONFIG) = TASK | 1 << 8 | TOGGLES;
  REG(GPIOTE + CONFIG + 4) = TASK | 2 << 8 | RISES;
  REG(GPIOTE + CONFIG + 8) = TASK | 3 << 8 | FALLS;
  show();
  REG(GPIOTE + 0x000) = 1;
  REG(GPIOTE + 0x004) = 1;
  show();
  REG(GPIOTE + 0x000) = 1;
  REG(GPIOTE + 0x038) = 1;  // SET
  show();
  REG(GPIOTE + 0x008) = 1;
  REG(GPIOTE + 0x064) = 1;  // CLR
  show();
  mark(REG(GPIOTE + CONFIG));
  mark(REG(GPIOTE + CONFIG + 4));
  REG(GPIOTE + CONFIG) = 0;
  REG(GPIOTE + 0x000) = 1;
  show();
  for (;;) __asm volatile("wfi");
}
