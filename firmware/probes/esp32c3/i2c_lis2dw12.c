// I2C0: a LIS2DW12 is asked who it is, configured and read from its FIFO in stretches, by polling and by interrupt; a
// device that is missing; lists of commands that cannot go on; FIFOs that overflow. Digests are of all bytes read.
#include "probe.h"

enum { I2C = 0x60013000, CTR = 4, SR = 8, FIFO_ST = 0x14, FIFO_CONF = 0x18, DATA = 0x1C };
enum { INT_RAW = 0x20, INT_CLR = 0x24, INT_ENA = 0x28, INT_STATUS = 0x2C, COMD = 0x58 };
enum { MASTER = 0x213, START = 0x233, NACK = 1 << 10, COMPLETE = 1 << 7 };
enum { RSTART = 6 << 11, STOP = 2 << 11, READ = 3 << 11, END = 4 << 11, WRITE = 1 << 11 | 1 << 8 };
enum { NOT_LAST = 0, LAST = 1 << 10 };

static uint32_t digest;
static volatile uint32_t entries;

void Trap_Handler(void) {
  mark(REG(I2C + INT_STATUS) | cause() << 24);
  REG(I2C + INT_CLR) = 0x3FFFF;
  entries++;
}

static void run(const uint32_t *commands, uint32_t count, const uint8_t *sent, uint32_t bytes) {
  REG(I2C + INT_CLR) = 0x3FFFF;
  for (uint32_t i = 0; i < bytes; i++) REG(I2C + DATA) = sent[i];
  for (uint32_t i = 0; i < count; i++) REG(I2C + COMD + 4 * i) = commands[i];
  REG(I2C + CTR) = START;
}

static void take(void) {
  while (REG(I2C + SR) >> 8 & 0x3F) digest = digest * 31 + REG(I2C + DATA);
}

static void write(uint8_t address, uint8_t value) {
  const uint32_t commands[] = {RSTART, WRITE + 3, STOP};
  const uint8_t sent[] = {0x19 << 1, address, value};
  run(commands, 3, sent, 3);
}

static uint32_t read(uint8_t first, uint32_t count) {
  const uint32_t begin[] = {RSTART, WRITE + 2, RSTART, WRITE + 1, END};
  const uint8_t sent[] = {0x19 << 1, first, 0x19 << 1 | 1};
  run(begin, 5, sent, 3);
  digest = 0;
  while (count) {
    uint32_t now = count < 31 ? count : 31;
    count -= now;
    const uint32_t more[] = {READ + now - 1, READ + LAST + 1, count ? END : STOP};
    const uint32_t all[] = {READ + now, END};
    if (count) {
      run(all, 2, 0, 0);
    } else {
      run(more, 3, 0, 0);
    }
    take();
  }
  return digest;
}

static void report(void) {
  mark(REG(I2C + INT_RAW));
  mark(REG(I2C + SR));
  mark(REG(I2C + FIFO_ST));
}

int main(void) {
  for (uint32_t offset = 0; offset < 0x100; offset += 4) result[offset / 4 % 16] += REG(I2C + offset) * (offset + 1);
  REG(I2C + CTR) = MASTER;
  mark(read(0x0F, 1));
  report();
  const uint32_t missing[] = {RSTART, WRITE + 1, WRITE + 1, STOP};
  const uint8_t nobody[] = {0x50 << 1, 0x0F};
  run(missing, 4, nobody, 2);
  report();
  REG(I2C + FIFO_CONF) = 0x708B;
  REG(I2C + FIFO_CONF) = 0x408B;
  write(0x21, 0x0C);
  write(0x25, 0x10);
  write(0x2E, 0xC0 | 4);
  write(0x20, 0x94);
  uint32_t state;
  for (uint32_t level = 1; level < 6; level++) {
    while (((state = read(0x2F, 1)) & 0x3F) < level) {
    }
    mark(state);
  }
  mark(read(0x28, 3 * 6));
  while (!((state = read(0x2F, 1)) & 0x40)) {
  }
  mark(read(0x28, 33 * 6));
  mark(read(0x2F, 1));
  const uint32_t hopeless[] = {RSTART, WRITE + 3, STOP};
  run(hopeless, 3, nobody, 1);
  report();
  const uint8_t known[] = {0x19 << 1};
  run(hopeless, 3, known, 1);
  report();
  REG(I2C + CTR) = MASTER | 1 << 10;
  report();
  for (uint32_t i = 0; i < 34; i++) REG(I2C + DATA) = i;
  report();
  REG(I2C + FIFO_CONF) = 0x708B;
  report();
  REG(I2C + FIFO_CONF) = 0x4082;
  const uint32_t much[] = {RSTART, WRITE + 2, RSTART, WRITE + 1, READ + 40, STOP};
  const uint8_t to[] = {0x19 << 1, 0x0F, 0x19 << 1 | 1};
  run(much, 6, to, 3);
  report();
  take();
  mark(REG(I2C + DATA));
  report();
  REG(I2C + FIFO_CONF) = 0x0082;
  REG(I2C + INT_CLR) = 0x3FFFF;
  REG(I2C + INT_ENA) = COMPLETE | NACK;
  interrupts_on(1 << 19);
  mark(read(0x0F, 1));
  run(missing, 4, nobody, 2);
  mark(0x2000 + entries);
  for (;;) __asm volatile("wfi");
}
