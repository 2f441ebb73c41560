// SAI2 without DMA: how the FIFO fills, its interrupt, the frames of a transmitter, clocks that do not fit or are off.
#include "sai.h"

static void SAI2_Handler(void) {
  mark(0x5A1000 | REG(BLOCK_B + SR) >> 16);
  for (int n = 0; n < 4; n++) mark(REG(BLOCK_B + DR));
}

static void fill(void) {
  uint32_t before = 0;
  while (!(before & 1)) {
    const uint32_t status = REG(BLOCK_B + SR);
    if (status != before) mark(status);
    before = status;
  }
}

void Reset_Handler(void) {
  i2c_start();
  codec_listen();
  sai_configure(0xA, 2);
  sai_set(BLOCK_B, SAIEN);
  sai_set(BLOCK_A, SAIEN);  // no clock yet
  for (volatile int n = 0; n < 10000; n++) {
  }
  mark(REG(BLOCK_B + SR));
  sai_clear(BLOCK_A, SAIEN);
  audio_clock_start();
  sai_set(BLOCK_A, SAIEN);
  fill();
  REG(BLOCK_B + CLRFR) = 1;
  for (int n = 0; n < 9; n++) mark(REG(BLOCK_B + DR));
  irq_take(IRQ_SAI2, SAI2_Handler);
  REG(BLOCK_B + IM) = 1 << 3;
  for (int n = 0; n < 3; n++) __asm volatile("wfi\n nop");
  REG(BLOCK_B + IM) = 0;
  sai_clear(BLOCK_A, SAIEN);
  REG(BLOCK_B + CR2) = 2 | 1 << 3;
  mark(REG(BLOCK_B + SR));
  REG(BLOCK_A + CR1) = 4 << 5 | 4 << 20;  // transmitter: its first word begins the frames
  sai_set(BLOCK_A, SAIEN);
  for (volatile int n = 0; n < 10000; n++) {
  }
  mark(REG(BLOCK_B + SR));
  REG(BLOCK_A + DR) = 0;
  fill();
  sai_clear(BLOCK_A, SAIEN);
  REG(BLOCK_A + FRCR) = 47 | 23 << 8 | 5 << 16;  // MCLK wants a power of two
  sai_set(BLOCK_A, SAIEN);
  mark(REG(BLOCK_A + SR) << 16 | (REG(BLOCK_A + CR1) >> 16 & 1));
  for (;;) __asm volatile("wfi");
}
