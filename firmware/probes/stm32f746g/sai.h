// For probes of the microphones: the codec WM8994 on I2C3, and SAI2 whose block A is the master of block B.
#pragma once
#include "probe.h"
enum { I2C3 = 0x40005C00, RCC = 0x40023800, SAI2 = 0x40015C00, BLOCK_A = SAI2 + 0x04, BLOCK_B = SAI2 + 0x24 };
enum { CR1 = 0x00, CR2 = 0x04, FRCR = 0x08, SLOTR = 0x0C, IM = 0x10, SR = 0x14, CLRFR = 0x18, DR = 0x1C };
enum { SAIEN = 1 << 16, DMAEN = 1 << 17 };
enum { IRQ_DMA2_STREAM7 = 70, IRQ_SAI2 = 91, VTOR = 0xE000ED08 };
static void *vectors_in_ram[16 + 98] __attribute__((aligned(512)));
// The table in flash, which is that of every probe, has no place for the handlers of these.
static inline void irq_take(uint32_t irq, void (*handler)(void)) {
  if (REG(VTOR) != (uint32_t)vectors_in_ram) {
    for (uint32_t n = 0; n < 16 + 98; n++) vectors_in_ram[n] = vectors[n];
    REG(VTOR) = (uint32_t)vectors_in_ram;
  }
  vectors_in_ram[16 + irq] = handler;
  irq_enable(irq);
}
static inline void i2c_start(void) { REG(I2C3) = 1; }
static inline void i2c_send(uint32_t count, const uint8_t *bytes, int stops) {
  REG(I2C3 + 4) = 0x1A << 1 | count << 16 | 1 << 13 | (stops ? 1 << 25 : 0);
  for (uint32_t n = 0; n < count; n++) {
    while (!(REG(I2C3 + 0x18) & 2)) {
    }
    REG(I2C3 + 0x28) = bytes[n];
  }
  while (!(REG(I2C3 + 0x18) & (stops ? 1 << 5 : 1 << 6))) {
  }
  REG(I2C3 + 0x1C) = 1 << 5;
}
static inline void codec_write(uint32_t number, uint32_t value) {
  const uint8_t bytes[] = {number >> 8, number, value >> 8, value};
  i2c_send(4, bytes, 1);
}
static inline uint32_t codec_read(uint32_t number) {
  const uint8_t bytes[] = {number >> 8, number};
  uint32_t value = 0;
  i2c_send(2, bytes, 0);
  REG(I2C3 + 4) = 0x1A << 1 | 2 << 16 | 1 << 10 | 1 << 13 | 1 << 25;
  for (int n = 0; n < 2; n++) {
    while (!(REG(I2C3 + 0x18) & 4)) {
    }
    value = value << 8 | REG(I2C3 + 0x24);
  }
  REG(I2C3 + 0x1C) = 1 << 5;
  return value;
}
// Both digital microphones in the second slots of AIF1, 16 kHz.
static inline void codec_listen(void) {
  static const uint16_t sequence[][2] = {
      {0x001, 0x0013}, {0x004, 0x0C30}, {0x608, 0x0002}, {0x609, 0x0002}, {0x210, 0x0033}, {0x300, 0x4010},
      {0x302, 0x0000}, {0x208, 0x000A}, {0x200, 0x0001}, {0x404, 0x01C0}, {0x405, 0x01C0},
  };
  for (uint32_t n = 0; n < sizeof(sequence) / sizeof(*sequence); n++) codec_write(sequence[n][0], sequence[n][1]);
}
// 25 MHz / 25 * 426 / 13 = 32.77 MHz for SAI2.
static inline void audio_clock_start(void) {
  REG(RCC + 0x04) = 25 | 432 << 6 | 1 << 22 | 9 << 24;
  REG(RCC + 0x84) = 426 << 6 | 13 << 24 | 2 << 28;
  REG(RCC + 0x8C) = 1 << 22;
  REG(RCC) = REG(RCC) | 1 << 16 | 1 << 26;
}
// A receives with MCLK, / 8 / 256 = 16,000.6 frames a second; B follows it. 64 bits, four slots: those of `slots`.
static inline void sai_configure(uint32_t slots, uint32_t threshold) {
  REG(BLOCK_A + CR1) = 1 | 4 << 5 | 4 << 20;
  REG(BLOCK_B + CR1) = 3 | 4 << 5 | 1 << 10;
  REG(BLOCK_A + FRCR) = REG(BLOCK_B + FRCR) = 63 | 31 << 8 | 5 << 16;
  REG(BLOCK_A + SLOTR) = 3 << 8;
  REG(BLOCK_B + SLOTR) = 3 << 8 | slots << 16;
  REG(BLOCK_B + CR2) = threshold | 1 << 3;
}
static inline void sai_set(uint32_t block, uint32_t bits) { REG(block + CR1) |= bits; }
static inline void sai_clear(uint32_t block, uint32_t bits) { REG(block + CR1) &= ~bits; }
