// Says what the suites' tests look for: a line with a setting, two lines in one transfer, then of each 10 ms of sound
// the first sample.
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

__attribute__((used)) const uint32_t setting[2] = {7, 8};
static char text[32];
static int16_t sound[160];

static void print(const char *line) {
  uint32_t length = 0;
  while (line[length]) {
    text[length] = line[length];
    length++;
  }
  REG(0x40002544) = (uint32_t)text;
  REG(0x40002548) = length;
  REG(0x40002008) = 1;
}

static void print_number(const char *what, int32_t number) {
  char line[32];
  uint32_t length = 0;
  while (what[length]) {
    line[length] = what[length];
    length++;
  }
  for (int32_t digit = 1000; digit; digit /= 10) line[length++] = (char)('0' + number / digit % 10);
  line[length++] = '\r';
  line[length++] = '\n';
  line[length] = 0;
  print(line);
}

void PDM_Handler(void) {
  REG(0x4001D100) = 0;
  REG(0x4001D108) = 0;
  (void)REG(0x4001D108);
  print_number("heard ", sound[0]);
}

void Reset_Handler(void) {
  REG(0x40002524) = 0x01D7E000;
  REG(0x4000250C) = 6;
  REG(0x40002500) = 8;
  print_number("setting ", (int32_t)REG(&setting[1]));
  print("one\r\ntwo\r\n");
  REG(0x4001D504) = 0x0A000000;
  REG(0x4001D520) = 1;
  REG(0x4001D508) = 1;
  REG(0x4001D500) = 1;
  REG(0x4001D560) = (uint32_t)sound;
  REG(0x4001D564) = 160;
  REG(0x4001D304) = 4;
  REG(0xE000E100) = 1u << 29;
  REG(0x4001D000) = 1;
  for (;;) __asm volatile("wfi");
}

// clang-format off
__attribute__((section(".vectors"), used)) static void *const vectors[16 + 48] = {
    [0] = (void *)0x20020000,
    [1] = Reset_Handler,
    [16 + 29] = PDM_Handler,
};
// clang-format on
