// SPI without EasyDMA, where no device is: its registers, and what becomes of a byte.
#include "probe.h"

enum { SPI = 0x40023000 };

void Reset_Handler(void) {
  mark(0x1000 + REG(SPI + 0x500));
  REG(SPI + 0x524) = 0x10000000;
  REG(SPI + 0x500) = 1;
  mark(0x1100 + REG(SPI + 0x500));
  REG(SPI + 0x304) = 4;
  mark(0x1200 + REG(SPI + 0x304));
  REG(SPI + 0x308) = 4;
  mark(0x1300 + REG(SPI + 0x304));
  REG(SPI + 0x51C) = 0x5A;
  mark(0x1400 + REG(SPI + 0x51C));
  mark(0x1500 + REG(SPI + 0x108));
  mark(0x1600 + REG(SPI + 0x518));
  for (;;) __asm volatile("wfi");
}
