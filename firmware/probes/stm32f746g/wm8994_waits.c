// WM8994: a read of no register; sound that no half of a frame lets through waits, also where there is no MCLK. Then
// bytes and halfwords of registers of DMA2.
#include "sai.h"

enum { DMA2 = 0x40026400, NODIV = 1 << 19 };

static uint32_t heard(void) {
  uint32_t word = 0;
  sai_set(BLOCK_B, SAIEN);
  for (int n = 0; n < 2; n++) {
    while (!(REG(BLOCK_B + SR) & 1 << 3)) {
    }
    word = word << 16 | REG(BLOCK_B + DR);
  }
  sai_clear(BLOCK_B, SAIEN);
  REG(BLOCK_B + CR2) = 1 << 3;
  return word;
}

static uint32_t read_without_address(void) {
  uint32_t value = 0;
  REG(I2C3 + 4) = 0x1A << 1 | 2 << 16 | 1 << 10 | 1 << 13 | 1 << 25;
  for (int n = 0; n < 2; n++) {
    while (!(REG(I2C3 + 0x18) & 4)) {
    }
    value = value << 8 | REG(I2C3 + 0x24);
  }
  REG(I2C3 + 0x1C) = 1 << 5;
  return value;
}

void Reset_Handler(void) {
  static const uint16_t sources[][2] = {
      {0x0410, 0x0010}, {0x0410, 0x4010}, {0x0410, 0xC010}, {0x0820, 0xC010}, {0x0820, 0x0010}, {0x0C30, 0x4010},
  };
  i2c_start();
  mark(read_without_address());
  mark(codec_read(0x404));
  mark(read_without_address());
  mark(codec_read(0x000));

  audio_clock_start();
  sai_configure(0xA, 0);
  sai_set(BLOCK_A, SAIEN);
  codec_listen();
  for (uint32_t n = 0; n < sizeof(sources) / sizeof(*sources); n++) {
    codec_write(0x004, sources[n][0]);
    codec_write(0x300, sources[n][1]);
    mark(heard());
  }
  sai_clear(BLOCK_A, SAIEN);
  REG(RCC + 0x8C) = 1 << 22 | 31;  // 1.024 MHz: 16 kHz without MCLK
  sai_set(BLOCK_A, NODIV);
  sai_set(BLOCK_A, SAIEN);
  codec_write(0x210, 0x0030);
  mark(heard());
  sai_clear(BLOCK_A, SAIEN);
  sai_clear(BLOCK_A, NODIV);
  REG(RCC + 0x8C) = 1 << 22;
  codec_write(0x210, 0x0033);
  sai_set(BLOCK_A, SAIEN);
  mark(heard());

  *(volatile uint16_t *)(DMA2 + 0x14) = 0x1234;
  mark(REG(DMA2 + 0x14));
  *(volatile uint8_t *)(DMA2 + 0x19) = 0x56;
  mark(REG(DMA2 + 0x18));
  *(volatile uint16_t *)(DMA2 + 0x10) = 0x0D00;
  mark(*(volatile uint8_t *)(DMA2 + 0x11));
  for (;;) __asm volatile("wfi");
}
