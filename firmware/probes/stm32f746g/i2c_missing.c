// I2C: what is told of a device that is not there.
#include "probe.h"

enum { I2C1 = 0x40005400 };

void Reset_Handler(void) {
  REG(I2C1 + 0x00) = 1;
  mark(0x100);
  REG(I2C1 + 0x04) = 0x50 << 1 | 1u << 16 | 1u << 13 | 1u << 25;
  for (volatile int i = 0; i < 100; i++) {
  }
  mark(REG(I2C1 + 0x18));
  for (;;) __asm volatile("wfi");
}
