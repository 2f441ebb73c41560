// I2S0 as receiver, with a microphone that hears 1, 2, 3, ...: through GDMA's descriptors, in 16, 24 and 32 bits, one
// channel and both, at other clocks, until descriptors end, without the controller's leave, and what starts nothing.
#include "probe.h"
enum { I2S = 0x6002D000, RX_CONF = 0x20, RX_CONF1 = 0x28, CLKM = 0x30, DIV = 0x38, TDM = 0x50, EOF_NUM = 0x64 };
enum {
  DMA = 0x6003F000,
  RAW = 0,
  ST = 4,
  ENA = 8,
  CLR = 0xC,
  CONF0 = 0x70,
  CONF1 = 0x74,
  LINK = 0x80,
  EOF_AT = 0x88,
  DSCR = 0x90,
  PERI = 0xA0
};
enum { MODE = 1 << 19 | 1 << 15 | 1 << 12, UPDATE = 1 << 8, START = 1 << 2, MONO = 1 << 5 };
enum { PHILIPS = 1 << 29 | 31 << 24 | 31 << 18 | 3 << 7 | 31, LEFT = 1 << 16 | 1, BOTH = 1 << 16 | 3 };
static volatile uint32_t ring[3][3] __attribute__((aligned(4)));
static uint8_t buffer[3][256] __attribute__((aligned(4)));
static volatile uint32_t entries;
void Trap_Handler(void) {
  mark(0x100 + REG(DMA + ST));
  REG(DMA + CLR) = 0x1FFF;
  entries++;
}
static void link(uint32_t count, uint32_t size, uint32_t around) {
  for (uint32_t n = 0; n < count; n++) {
    ring[n][0] = 1u << 31 | size;
    ring[n][1] = (uint32_t)buffer[n];
    ring[n][2] = n + 1 < count ? (uint32_t)ring[n + 1] : around ? (uint32_t)ring[0] : 0;
  }
  REG(DMA + CONF0) = 1;
  REG(DMA + CONF0) = 0;
  REG(DMA + PERI) = 3;
  REG(DMA + LINK) = ((uint32_t)ring & 0xFFFFF) | 1 << 22;
}
static void start(uint32_t bits, uint32_t channels, uint32_t bytes, uint32_t mode) {
  REG(I2S + RX_CONF1) = PHILIPS | (bits - 1) << 13;
  REG(I2S + TDM) = channels;
  REG(I2S + RX_CONF) = mode | UPDATE;
  mark(REG(I2S + RX_CONF));
  REG(I2S + RX_CONF) = mode | 3;
  REG(I2S + EOF_NUM) = bytes;
  REG(I2S + RX_CONF) = mode | START;
}
static void await(uint32_t count) {
  for (entries = 0; entries < count;) __asm volatile("wfi");
}
static void report(void) {
  REG(I2S + RX_CONF) = MODE;
  mark(REG(DMA + LINK));
  mark(REG(DMA + EOF_AT));
  mark(REG(DMA + DSCR));
  for (uint32_t n = 0; n < 3; n++) mark(ring[n][0]);
  for (uint32_t n = 0; n < 6; n++) mark(((uint32_t *)buffer[n / 2])[n % 2]);
}
int main(void) {
  mark(REG(I2S + RX_CONF));
  mark(REG(DMA + LINK));
  REG(I2S + DIV) = 15 << 18 | 1;
  REG(I2S + CLKM) = 2 << 27 | 1 << 26 | 39;  // 16 kHz
  REG(DMA + ENA) = 0x1FFF;
  REG(0x600C2000 + 4 * 44) = 21;  // through the matrix
  REG(0x600C2114 + 4 * 21) = 1;
  REG(0x600C2104) = 1 << 21;
  interrupts_on(0);
  link(2, 64, 1);
  start(16, LEFT, 64, MODE);
  await(3);
  report();
  link(3, 48, 0);  // one frame of data in more than one descriptor, and then none
  start(16, BOTH, 64, MODE);
  await(3);
  report();
  REG(DMA + LINK) = 1 << 23;
  mark(REG(DMA + LINK));
  link(2, 48, 1);
  start(24, LEFT, 48, MODE);
  await(1);
  report();
  link(2, 64, 1);
  start(32, BOTH, 64, MODE | MONO | 1 << 9);
  await(1);
  report();
  REG(I2S + DIV) = 1 << 27 | 2 << 18 | 1 << 9 | 3;  // 6 / 9 of a part
  REG(I2S + CLKM) = 1 << 26 | 5;                    // of the crystal's clock
  link(2, 64, 1);
  start(16, LEFT, 64, MODE);
  await(2);
  report();
  ring[1][0] &= ~(1u << 31);
  REG(DMA + CONF1) = 1 << 12;
  REG(DMA + LINK) = ((uint32_t)ring & 0xFFFFF) | 1 << 22;
  ring[0][0] |= 1u << 31;
  REG(I2S + RX_CONF) = MODE | START;
  await(2);
  report();
  link(1, 64, 1);
  start(16, LEFT, 64, MODE | 1 << 3);  // a slave without a clock
  for (volatile int i = 0; i < 2000; i++) {
  }
  mark(0x300 + REG(DMA + RAW));
  REG(I2S + CLKM) = 5;
  start(16, LEFT, 64, MODE);
  REG(DMA + LINK) = 1 << 21;
  mark(REG(DMA + LINK));
  for (;;) __asm volatile("wfi");
}
