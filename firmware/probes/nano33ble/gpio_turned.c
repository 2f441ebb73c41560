// GPIO: OUT of pins that are inputs, before they become outputs and after; an output that is sensed.
#include "probe.h"

enum { OUT = 0x504, OUTSET = 0x508, IN = 0x510, DIRSET = 0x518, DIRCLR = 0x51C, P0 = 0x50000000 };

static void show(void) {
  mark(REG(P0 + OUT));
  mark(REG(P0 + IN));
}

void Reset_Handler(void) {
  mark(0x100);
  REG(P0 + OUTSET) = 0x6;  // high before they are outputs: no glitch at the pin
  REG(P0 + DIRSET) = 0x2;
  show();
  REG(P0 + DIRCLR) = 0x2;
  show();
  REG(P0 + DIRSET) = 0x6;
  show();
  for (;;) __asm volatile("wfi");
}
