// RNG: registers, and when a number follows the one before. The numbers themselves are not compared.
#include "probe.h"

enum { RNG = 0x4000D000 };

void Reset_Handler(void) {
  mark(0x100 + REG(RNG + 0x100));
  mark(0x200 + REG(RNG + 0x508));
  REG(RNG + 0x304) = 1;
  mark(0x300 + REG(RNG + 0x304));
  REG(RNG + 0x308) = 1;
  mark(0x400 + REG(RNG + 0x304));
  REG(RNG + 0x000) = 1;
  for (volatile int i = 0; i < 3000; i++) {
  }
  mark(0x500 + REG(RNG + 0x100));
  REG(RNG + 0x004) = 1;
  REG(RNG + 0x100) = 0;
  mark(0x600 + REG(RNG + 0x100));
  REG(RNG + 0x000) = 1;
  REG(RNG + 0x100) = 0;
  mark(0x700 + REG(RNG + 0x100));
  for (uint32_t taken = 0; taken < 4; taken++) {
    while (!REG(RNG + 0x100)) {
    }
    REG(RNG + 0x100) = 0;
    (void)REG(RNG + 0x508);
  }
  mark(0x800);
  for (;;) __asm volatile("wfi");
}
