// SAI2 and DMA2: halves of a circular buffer wake the core, then two buffers in turn; the stream is taken away, and
// what is lost is told; all begins anew.
#include "sai.h"
enum { STREAM = 0x40026400 + 0x10 + 7 * 0x18, HISR = 0x40026404, HIFCR = 0x4002640C };

static uint16_t buffers[2][64];
static volatile uint32_t told;

static void DMA2_Stream7_Handler(void) {
  const uint32_t flags = REG(HISR);
  REG(HIFCR) = flags;
  mark(flags >> 26 | REG(STREAM) >> 19 << 8 | REG(STREAM + 4) << 16);
  mark(buffers[0][0] | (uint32_t)buffers[0][63] << 16);
  mark(buffers[1][0] | (uint32_t)buffers[1][63] << 16);
  told++;
}

static void SAI2_Handler(void) {
  mark(0x5A1000 | REG(BLOCK_B + SR) >> 16 << 8 | (REG(BLOCK_B + SR) & 0xFF));
  REG(BLOCK_B + CLRFR) = 1;
  REG(BLOCK_B + IM) = 0;
}

static void begin(uint32_t mode) {
  told = 0;
  REG(STREAM + 4) = 64;
  REG(STREAM + 8) = BLOCK_B + DR;
  REG(STREAM + 12) = (uint32_t)buffers[0];
  REG(STREAM + 16) = (uint32_t)buffers[1];
  REG(STREAM) = mode | 1 << 13 | 1 << 11 | 1 << 10 | 1 << 4 | 1;  // halfwords to memory, whose address goes on
  sai_set(BLOCK_B, DMAEN);
  sai_set(BLOCK_B, SAIEN);
  sai_set(BLOCK_A, SAIEN);
}

static void end(void) {
  sai_clear(BLOCK_A, SAIEN);
  sai_clear(BLOCK_B, SAIEN);
  REG(STREAM) = 0;
  mark(REG(HISR) >> 22);  // it is complete, since it was on
  REG(HIFCR) = 0x0F400000;
  REG(BLOCK_B + CR2) = 1 << 3;
}

static void wait_for(uint32_t times) {
  while (told < times) __asm volatile("wfi\n nop");
}

void Reset_Handler(void) {
  i2c_start();
  audio_clock_start();
  codec_listen();
  sai_configure(0xA, 0);
  irq_take(IRQ_DMA2_STREAM7, DMA2_Stream7_Handler);
  irq_take(IRQ_SAI2, SAI2_Handler);
  begin(1 << 8 | 1 << 3);  // circular, half-way too
  wait_for(5);
  for (volatile int n = 0; n < 20000; n++) {
  }
  end();
  mark(REG(BLOCK_B + SR));
  begin(1 << 18);  // two buffers
  wait_for(3);
  REG(BLOCK_B + IM) = 1;
  REG(STREAM) = 0;
  __asm volatile("wfi\n nop");
  for (int n = 0; n < 8; n++) mark(REG(BLOCK_B + DR));
  end();
  sai_configure(0x2, 1);  // one slot, asked for when there are two words
  begin(1 << 8);
  wait_for(2);
  end();
  for (;;) __asm volatile("wfi");
}
