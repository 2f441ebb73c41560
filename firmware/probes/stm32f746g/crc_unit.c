// CRC: sums of words, halfwords and bytes; other polynomials, first values and orders of bits.
#include "probe.h"

enum { CRC = 0x40023000, DR = 0, CR = 8, INIT = 0x10, POL = 0x14 };

static void words(void) {
  REG(CRC + DR) = 0x12345678;
  REG(CRC + DR) = 0x9ABCDEF0;
  mark(REG(CRC + DR));
}

static void shorter(void) {
  *(volatile uint16_t *)(CRC + DR) = 0xBEEF;
  mark(REG(CRC + DR));
  *(volatile uint8_t *)(CRC + DR) = 0x5A;
  mark(REG(CRC + DR));
}

void Reset_Handler(void) {
  mark(REG(CRC + DR));
  mark(REG(CRC + INIT));
  mark(REG(CRC + POL));
  mark(REG(CRC + CR));
  words();
  REG(CRC + CR) = 1;
  mark(REG(CRC + DR));
  shorter();
  REG(CRC + CR) = 0xE1;  // bits of words and of the sum reversed: zlib's but for the last complement
  words();
  REG(CRC + CR) = 0xA1;
  words();
  shorter();
  REG(CRC + POL) = 0x1021;
  REG(CRC + INIT) = 0xFFFF;
  REG(CRC + CR) = 1 | 1 << 3;
  words();
  shorter();
  REG(CRC + POL) = 0x07;
  REG(CRC + INIT) = 0;
  REG(CRC + CR) = 1 | 2 << 3;
  shorter();
  words();
  for (;;) __asm volatile("wfi");
}
