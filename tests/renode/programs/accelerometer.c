// Reads three samples of the LSM9DS1 on the legacy TWI into `samples`, then
// says so on the UART.

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))
#define TWI 0x40003000
#define UART 0x40002000

uint8_t samples[3][6];
static char text[6];  // set at run time: nothing initialises memory here

static void await(uint32_t event) {
  while (!REG(TWI + event)) {
  }
  REG(TWI + event) = 0;
}

static void read_sample(uint8_t *sample) {
  REG(TWI + 0x008) = 1;     // STARTTX
  REG(TWI + 0x51C) = 0x28;  // OUT_X_L_XL
  await(0x11C);             // TXDSENT
  REG(TWI + 0x200) = 0;
  REG(TWI + 0x000) = 1;  // STARTRX
  for (int i = 0; i < 6; i++) {
    await(0x108);                      // RXDREADY
    if (i == 5) REG(TWI + 0x200) = 2;  // stop behind the byte that is read next
    sample[i] = (uint8_t)REG(TWI + 0x518);
    if (i < 5) REG(TWI + 0x020) = 1;  // RESUME
  }
  REG(TWI + 0x014) = 1;
  REG(TWI + 0x104) = 0;
}

void Reset_Handler(void) {
  REG(TWI + 0x500) = 5;
  REG(TWI + 0x588) = 0x6B;
  for (int i = 0; i < 3; i++) read_sample(samples[i]);
  for (int i = 0; i < 6; i++) text[i] = "read\r\n"[i];
  REG(UART + 0x500) = 8;
  REG(UART + 0x544) = (uint32_t)text;
  REG(UART + 0x548) = sizeof(text);
  REG(UART + 0x008) = 1;
  for (;;) __asm volatile("wfi");
}

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    [0] = (void *)0x20010000, [1] = Reset_Handler};
