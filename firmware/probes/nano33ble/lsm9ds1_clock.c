// TWI: the clock and the FIFO of the LSM9DS1. Marks say what was found; their times say when the part had taken a
// sample. Digests are of all bytes of the samples that were read.
#include "probe.h"

enum { CTRL_REG5_XL = 0x1F, CTRL_REG6_XL, CTRL_REG8 = 0x22, CTRL_REG9, STATUS_REG = 0x27, OUT_X_L_XL };
enum { FIFO_CTRL = 0x2E, FIFO_SRC };

static void stop(void) {
  REG(0x40003104) = 0;
  REG(0x40003014) = 1;
  while (!REG(0x40003104)) {
  }
}

static void send(uint32_t value) {
  REG(0x4000311C) = 0;
  REG(0x4000351C) = value;
  while (!REG(0x4000311C)) {
  }
}

static void write(uint32_t address, uint32_t value) {
  REG(0x40003008) = 1;
  send(address);
  send(value);
  stop();
}

static uint32_t read(uint32_t first, uint32_t count) {
  uint32_t digest = 0;
  REG(0x40003200) = count == 1 ? 2 : 0;
  REG(0x40003008) = 1;
  send(first);
  REG(0x40003108) = 0;
  REG(0x40003000) = 1;
  for (uint32_t n = 1; n <= count; n++) {
    while (!REG(0x40003108)) {
    }
    REG(0x40003108) = 0;
    if (n == count) REG(0x40003200) = 2;
    uint32_t value = REG(0x40003518);
    digest = count == 1 ? value : digest * 31 + value;
    if (n < count) REG(0x40003020) = 1;
  }
  REG(0x40003200) = 0;
  stop();
  return digest;
}

static void await(uint32_t address, uint32_t mask, uint32_t least) {
  uint32_t value;
  do value = read(address, 1);
  while ((value & mask) < least);
  mark(value);
}

void Reset_Handler(void) {
  REG(0x40003500) = 5;
  REG(0x40003588) = 0x6B;
  mark(read(0x0F, 1));
  mark(read(0x1E, 6));
  write(CTRL_REG8, 0x44);
  write(CTRL_REG6_XL, 0xD0);  // 952 Hz, 4 g
  for (int i = 0; i < 5; i++) {
    await(STATUS_REG, 1, 1);
    mark(read(OUT_X_L_XL, 6));
  }
  write(CTRL_REG9, 0x02);
  write(FIFO_CTRL, 0xC0 | 4);
  await(FIFO_SRC, 0x80, 0x80);
  mark(read(OUT_X_L_XL, 4 * 6));
  mark(read(FIFO_SRC, 1));
  await(FIFO_SRC, 0x40, 0x40);
  mark(read(OUT_X_L_XL, 33 * 6));
  mark(read(FIFO_SRC, 1));
  write(CTRL_REG6_XL, 0xB8);  // 476 Hz, 8 g
  write(CTRL_REG6_XL, 0xB8);
  for (uint32_t level = 2; level < 5; level++) await(FIFO_SRC, 0x3F, level);
  write(CTRL_REG5_XL, 0x30);  // without x
  write(FIFO_CTRL, 0);
  mark(read(FIFO_SRC, 1));
  write(CTRL_REG9, 0x03);
  write(FIFO_CTRL, 0x20 | 2);  // no more than three
  await(FIFO_SRC, 0x40, 0x40);
  mark(read(OUT_X_L_XL, 4 * 6));
  write(CTRL_REG6_XL, 0);
  mark(read(0x0F, 1));
  write(CTRL_REG8, 0x05);
  mark(read(0x1E, 6));
  for (;;) __asm volatile("wfi");
}
