// Legacy TWI: WHO_AM_I of the LSM9DS1 at 0x6B, then a device that is not there (0x50). result[0] identity, [1] error
// source.
#include "probe.h"

static int write_byte(uint8_t value) {
  REG(0x4000311C) = 0;
  REG(0x40003124) = 0;
  REG(0x4000351C) = value;
  for (int i = 0; i < 100; i++) {
    if (REG(0x4000311C)) return 0;
    if (REG(0x40003124)) return -1;
  }
  return -2;
}

void Reset_Handler(void) {
  REG(0x40003500) = 5;
  REG(0x40003588) = 0x6B;
  mark(1);
  REG(0x40003008) = 1;
  result[2] = (uint32_t)write_byte(0x0F);
  REG(0x40003200) = 2;
  REG(0x40003108) = 0;
  REG(0x40003000) = 1;
  for (int i = 0; i < 100 && !REG(0x40003108); i++) {
  }
  result[0] = REG(0x40003518);
  REG(0x40003014) = 1;
  mark(2);
  REG(0x40003588) = 0x50;
  REG(0x40003008) = 1;
  result[3] = (uint32_t)write_byte(0x0F);
  result[1] = REG(0x400034C4);
  REG(0x40003014) = 1;
  mark(3);
  for (;;) __asm volatile("wfi");
}
