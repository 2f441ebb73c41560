// GPIO: outputs and inputs as their registers show them, pulls, the direction of a pin in DIR and in PIN_CNF.
#include "probe.h"

enum { OUT = 0x504, OUTSET = 0x508, OUTCLR = 0x50C, IN = 0x510, DIR = 0x514, DIRSET = 0x518, DIRCLR = 0x51C };
enum { P0 = 0x50000000, P1 = 0x50000300, PIN_CNF = 0x700 };

static void show(uint32_t port) {
  mark(REG(port + OUT));
  mark(REG(port + IN));
  mark(REG(port + DIR));
}

void Reset_Handler(void) {
  show(P0);
  mark(REG(P0 + PIN_CNF));
  REG(P0 + DIRSET) = 0xFF;
  REG(P0 + OUTSET) = 0x35;
  show(P0);
  REG(P0 + OUTCLR) = 0x11;
  show(P0);
  mark(REG(P0 + OUTSET));
  mark(REG(P0 + DIRCLR));
  REG(P0 + OUT) = 0xAA;
  show(P0);
  mark(REG(P0 + PIN_CNF + 4 * 1));
  REG(P0 + PIN_CNF + 4 * 8) = 0x3;  // an output by its own register
  REG(P0 + OUTSET) = 1u << 8;
  show(P0);
  REG(P0 + PIN_CNF + 4 * 9) = 0xC;  // inputs that are pulled up, down, not
  REG(P0 + PIN_CNF + 4 * 10) = 0x4;
  REG(P0 + PIN_CNF + 4 * 11) = 0x0;
  mark(REG(P0 + IN));
  mark(REG(P0 + PIN_CNF + 4 * 9));
  mark(REG(P0 + PIN_CNF + 4 * 11));
  REG(P0 + PIN_CNF + 4 * 12) = 0x30300;  // drive and sense
  mark(REG(P0 + PIN_CNF + 4 * 12));
  mark(REG(P0 + DIR));
  REG(P1 + DIR) = 0x3;
  REG(P1 + OUT) = 0x2;
  show(P1);
  mark(REG(P0 + IN));
  REG(P0 + PIN_CNF + 4 * 9) = 0x4;  // Renode's reset of a machine keeps pulls and senses
  REG(P0 + PIN_CNF + 4 * 12) = 0x2;
  for (;;) __asm volatile("wfi");
}
