// Started by the ROM from the beginning of flash: maps a page, reads it, and programs and erases flash.

#include "esp32c3.h"

#define SEEN ((const volatile char *)0x3C000000)

__attribute__((noreturn)) void start(void) {
  static uint32_t block[8];
  uint32_t flash = 0x10000, changed = 0x12000;
  print("mapped %d\n", ROM(0x40000564, int (*)(int, uint32_t, uint32_t, int, int, int))(0, 0x3C000000, flash, 64, 1, 0));
  print("seen %c%c%c\n", SEEN[0], SEEN[1], SEEN[2]);
  ROM(0x40000130, int (*)(uint32_t, uint32_t *, int))(flash, block, 32);
  print("read %s\n", (char *)block);
  ROM(0x4000012c, int (*)(uint32_t, const uint32_t *, int))(changed, block, 32);
  print("programmed %c%c%c\n", SEEN[0x2000], SEEN[0x2001], SEEN[0x2002]);
  ROM(0x40000128, int (*)(uint32_t))(changed / 4096);
  print("erased %x\n", SEEN[0x2000]);
  print("end\n");
  for (;;) __asm__ volatile("wfi");
}
