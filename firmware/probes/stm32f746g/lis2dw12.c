// LIS2DW12 at 0x19 on I2C1: identity, six axes bytes in one burst (fed 0.5, -0.25, 1 g), then a device that is not
// there. result: [0] identity, [1] [2] [3] raw axes, [4] status flags left by the missing device.
#include "probe.h"
static int wait(uint32_t flag) {
  for (int i = 0; i < 200; i++)
    if (REG(0x40005418) & flag) return 0;
  return -1;
}
static int write_then_read(uint8_t address, uint8_t reg, uint8_t *to, uint32_t count) {
  REG(0x40005404) = ((uint32_t)address << 1) | (1u << 16) | (1u << 13);
  if (wait(2)) return -1;
  REG(0x40005428) = reg;
  if (wait(0x40)) return -2;
  REG(0x40005404) = ((uint32_t)address << 1) | (count << 16) | (1u << 10) | (1u << 13) | (1u << 25);
  for (uint32_t i = 0; i < count; i++) {
    if (wait(4)) return -3;
    to[i] = (uint8_t)REG(0x40005424);
  }
  if (wait(0x20)) return -4;
  REG(0x4000541C) = 0x20;
  return 0;
}
static void write_register(uint8_t address, uint8_t reg, uint8_t value) {
  REG(0x40005404) = ((uint32_t)address << 1) | (2u << 16) | (1u << 13) | (1u << 25);
  wait(2);
  REG(0x40005428) = reg;
  wait(2);
  REG(0x40005428) = value;
  wait(0x20);
  REG(0x4000541C) = 0x20;
}
void Reset_Handler(void) {
  uint8_t b[6] = {0};
  REG(0x40005400) = 1;
  mark(1);
  result[5] = (uint32_t)write_then_read(0x19, 0x0F, b, 1);
  result[0] = b[0];
  mark(2);
  write_register(0x19, 0x25, 0x00);
  write_register(0x19, 0x20, 0x54);
  mark(3);
  result[6] = (uint32_t)write_then_read(0x19, 0x28, b, 6);
  for (int i = 0; i < 3; i++) result[1 + i] = (uint32_t)(int32_t)(int16_t)(b[2 * i] | b[2 * i + 1] << 8);
  mark(4);
  result[7] = (uint32_t)write_then_read(0x50, 0, b, 1);
  result[4] = REG(0x40005418) & 1;  // not NACKF, which Renode lacks: i2c_missing
  mark(5);
  for (;;) __asm volatile("wfi");
}
