// Reads the first word of a device at 0x40013000. For a bare Cortex-M4.

#include <stdint.h>

volatile uint32_t answer;

void Reset_Handler(void) {
  answer = *(volatile uint32_t *)0x40013000;
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void *const vectors[2] = {(void *)0x20010000, Reset_Handler};
