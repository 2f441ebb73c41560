// I2S0 and what is written while it receives; slots of 16 bits whose last bit comes too late; bytes and halfwords of
// registers of I2S0, GDMA and the interrupt matrix.
#include "probe.h"
enum { I2S = 0x6002D000, RX_CONF = 0x20, RX_CONF1 = 0x28, CLKM = 0x30, DIV = 0x38, TDM = 0x50, EOF_NUM = 0x64 };
enum {
  DMA = 0x6003F000,
  RAW = 0,
  CLR = 0xC,
  CONF0 = 0x70,
  CONF1 = 0x74,
  LINK = 0x80,
  PERI = 0xA0,
  MATRIX = 0x600C2000
};
enum { MODE = 1 << 19 | 1 << 15 | 1 << 12, UPDATE = 1 << 8, START = 1 << 2, DONE = 1 };
enum { LATE_BIT = 31 << 18 | 3 << 7 | 31, PHILIPS = 1 << 29 | LATE_BIT, LEFT = 1 << 16 | 1, BOTH = 1 << 16 | 3 };
static volatile uint32_t ring[2][3] __attribute__((aligned(4)));
static uint8_t buffer[2][256] __attribute__((aligned(4)));
static void start(uint32_t format, uint32_t slot, uint32_t bits, uint32_t channels, uint32_t bytes) {
  for (uint32_t n = 0; n < 2; n++) {
    ring[n][0] = 1u << 31 | 255;
    ring[n][1] = (uint32_t)buffer[n];
    ring[n][2] = (uint32_t)ring[1 - n];
  }
  REG(DMA + CONF0) = 1;
  REG(DMA + CONF0) = 0;
  REG(DMA + LINK) = ((uint32_t)ring & 0xFFFFF) | 1 << 22;
  REG(I2S + RX_CONF1) = format | (slot - 1) << 24 | (bits - 1) << 13;
  REG(I2S + TDM) = channels;
  REG(I2S + RX_CONF) = MODE | UPDATE;
  REG(I2S + EOF_NUM) = bytes;
  REG(I2S + RX_CONF) = MODE | START;
}
static void await_and_report(void) {
  for (uint32_t n = 0; n < 2; n++) {
    while (!(REG(DMA + RAW) & DONE)) {
    }
    REG(DMA + CLR) = 0x1FFF;
    mark(ring[n][0]);
    for (uint32_t word = 0; word < 4; word++) mark(((uint32_t *)buffer[n])[word]);
  }
  REG(I2S + RX_CONF) = MODE;
}
int main(void) {
  REG(I2S + DIV) = 15 << 18 | 1;
  REG(I2S + CLKM) = 2 << 27 | 1 << 26 | 39;  // 16 kHz
  REG(DMA + PERI) = 3;
  start(PHILIPS, 32, 16, LEFT, 64);
  REG(I2S + EOF_NUM) = 32;  // for the next start
  REG(I2S + TDM) = BOTH;
  await_and_report();
  start(PHILIPS, 32, 16, BOTH, 64);
  REG(I2S + EOF_NUM) = 128;
  REG(I2S + TDM) = LEFT;
  await_and_report();
  start(LATE_BIT, 16, 32, BOTH, 64);
  await_and_report();
  start(LATE_BIT, 16, 24, LEFT, 48);
  await_and_report();
  start(LATE_BIT, 32, 32, LEFT, 64);
  await_and_report();
  *(volatile uint16_t *)(I2S + EOF_NUM) = 0x0234;
  *(volatile uint8_t *)(I2S + RX_CONF1 + 1) = 0xE1;
  mark(REG(I2S + EOF_NUM));
  mark(REG(I2S + RX_CONF1));
  mark(*(volatile uint8_t *)(I2S + RX_CONF1 + 3));
  *(volatile uint8_t *)(DMA + CONF1 + 1) = 0x10;
  mark(REG(DMA + CONF1));
  mark(*(volatile uint8_t *)(DMA + PERI));
  *(volatile uint8_t *)(MATRIX + 0x114 + 4 * 7) = 5;
  mark(REG(MATRIX + 0x114 + 4 * 7));
  *(volatile uint16_t *)(MATRIX + 0x108 + 2) = 0x8001;
  mark(REG(MATRIX + 0x108));
  mark(*(volatile uint16_t *)(MATRIX + 0x108 + 2));
  for (;;) __asm volatile("wfi");
}
