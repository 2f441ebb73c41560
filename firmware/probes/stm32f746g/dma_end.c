// DMA: what a transfer of bytes from words leaves of NDTR, of EN and of the flags.
#include "probe.h"

enum { DMA2 = 0x40026400 };

static uint32_t from[8], to[8];

void Reset_Handler(void) {
  for (uint32_t n = 0; n < 8; n++) from[n] = 0x11223344 * (n + 1);
  REG(DMA2 + 0x18) = (uint32_t)from;
  REG(DMA2 + 0x1C) = (uint32_t)to;
  REG(DMA2 + 0x14) = 4;
  mark(0x100 + REG(DMA2 + 0x14));
  REG(DMA2 + 0x10) = 0x1681;  // from memory to memory, words and bytes, both addresses go on
  mark(0x200 + (REG(DMA2 + 0x10) & 1));
  mark(0x300 + REG(DMA2 + 0x00));
  mark(0x400 + REG(DMA2 + 0x14));
  for (uint32_t n = 0; n < 5; n++) mark(to[n]);
  for (;;) __asm volatile("wfi");
}
