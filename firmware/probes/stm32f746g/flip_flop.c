// The power controller's registers turn over with every access; the random number generator is ready once it is on;
// option bytes are erased.
#include "probe.h"

enum { PWR = 0x40007000, RNG = 0x50060800 };

void Reset_Handler(void) {
  mark(REG(PWR));
  mark(REG(PWR + 4));
  mark(REG(PWR));
  REG(PWR) = 0x1234;
  mark(REG(PWR + 8));
  mark(*(volatile uint16_t *)(PWR + 4));
  mark(*(volatile uint8_t *)(PWR + 4));
  mark(REG(RNG + 4));
  mark(REG(RNG));
  REG(RNG) = 4;
  mark(REG(RNG + 4));
  mark(REG(RNG));
  (void)REG(RNG + 8);
  mark(REG(RNG + 4));
  REG(RNG) = 0;
  mark(REG(RNG + 4));
  mark(REG(0x1FF0F440));
  mark(*(volatile uint16_t *)0x1FF0F442);
  for (;;) __asm volatile("wfi");
}
