// What the core's own registers say after reset, and what is left of ones written to those that can be.
#include "probe.h"

static const uint16_t registers[] = {
    0x004, 0x01C, 0xD04, 0xD08, 0xD10, 0xD18, 0xD1C, 0xD20, 0xD24, 0xD28, 0xD2C, 0xD88, 0xF34, 0xF38, 0xF3C,
};
static const struct {
  uint16_t at;
  uint32_t ones;
} written[] = {
    {0x014, 0xFFFFFFFF}, {0x100, 0xFFFFFFFF}, {0x180, 0xF0F0F0F0}, {0x400, 0xFFFFFFFF},
    {0x404, 0x12345678}, {0xD10, 0xFFFFFFFF}, {0xD18, 0xFFFFFFFF}, {0xD1C, 0xFFFFFFFF},
    {0xD20, 0xFFFFFFFF}, {0xD24, 0x70000},    {0xD88, 0xF00000},   {0xE18, 0},
};

void Reset_Handler(void) {
  for (uint32_t i = 0; i < sizeof registers / sizeof registers[0]; i++) mark(REG(0xE000E000 + registers[i]));
  for (uint32_t i = 0; i < sizeof written / sizeof written[0]; i++) {
    REG(0xE000E000 + written[i].at) = written[i].ones;
    mark(REG(0xE000E000 + written[i].at));
  }
  // Renode keeps SLEEPDEEP over a reset of the machine, and would stop SysTick under the next firmware.
  REG(0xE000ED10) = 0;
  for (;;) __asm volatile("wfi");
}
