// UARTE: the events of a transmission, its interrupt, pieces of a line, an empty transmission.
#include "probe.h"

static char text[16];

void Reset_Handler(void) {
  const char source[] = "one, two\nthree\n";
  for (uint32_t i = 0; i < sizeof source - 1; i++) text[i] = source[i];
  uarte_init();
  mark(REG(0x40002120));
  uarte_write(text, 3);
  mark(REG(0x40002120) + 2 * REG(0x40002150) + 4 * REG(0x40002158) + 8 * REG(0x4000211C));
  result[0] = REG(0x4000254C);
  uarte_write(text + 3, 8);
  result[1] = REG(0x4000254C);
  mark(result[1]);
  uarte_write(text + 11, 4);
  REG(0x4000200C) = 1;
  mark(REG(0x40002158));
  for (;;) __asm volatile("wfi");
}
