// ArduCAM Mini 2MP Plus on the nRF52840, P0.23 to select it: who the sensor is, over TWIM, then a picture by SPIM.
// result[0] identity, [1] bytes in the FIFO, [2] what comes behind them; `picture` has the bytes. Then it prints two
// digits: how many tens and how many ones the third byte from the picture's end has.
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

enum { GPIO = 0x50000000, UART = 0x40002000, TWI = 0x40003000, SPI = 0x40023000, SELECT = 1u << 23, MOST = 4096 };

volatile uint32_t result[4];
uint8_t picture[MOST];
static uint8_t sent[2], received[2];

static void exchange(const void *out, uint32_t bytes_out, void *in, uint32_t bytes_in) {
  REG(SPI + 0x544) = (uint32_t)out;
  REG(SPI + 0x548) = bytes_out;
  REG(SPI + 0x534) = (uint32_t)in;
  REG(SPI + 0x538) = bytes_in;
  REG(SPI + 0x118) = 0;
  REG(SPI + 0x010) = 1;
  while (!REG(SPI + 0x118)) {
  }
}

static void select(void) { REG(GPIO + 0x50C) = SELECT; }
static void release(void) { REG(GPIO + 0x508) = SELECT; }

static uint8_t arduchip(uint8_t address, uint8_t value) {
  sent[0] = address;
  sent[1] = value;
  select();
  exchange(sent, 2, received, 2);
  release();
  return received[1];
}

static uint8_t ov2640(uint8_t bank, uint8_t address) {
  const uint8_t bytes[] = {0xFF, bank, address};
  uint8_t *buffer = picture;
  for (int i = 0; i < 3; i++) buffer[i] = bytes[i];
  const uint32_t parts[][2] = {{(uint32_t)buffer, 2}, {(uint32_t)buffer + 2, 1}};
  for (int i = 0; i < 2; i++) {
    REG(TWI + 0x544) = parts[i][0];
    REG(TWI + 0x548) = parts[i][1];
    REG(TWI + 0x104) = 0;
    REG(TWI + 0x008) = 1;
    REG(TWI + 0x014) = 1;
    while (!REG(TWI + 0x104)) {
    }
  }
  REG(TWI + 0x534) = (uint32_t)buffer + 3;
  REG(TWI + 0x538) = 1;
  REG(TWI + 0x000) = 1;
  REG(TWI + 0x014) = 1;
  return buffer[3];
}

static void print(uint8_t value) {
  uint8_t line[] = {'0' + value / 10, ' ', '0' + value % 10, '\n'};
  REG(UART + 0x500) = 8;
  REG(UART + 0x544) = (uint32_t)line;
  REG(UART + 0x548) = sizeof line;
  REG(UART + 0x008) = 1;
}

void Reset_Handler(void) {
  REG(GPIO + 0x508) = SELECT;
  REG(GPIO + 0x518) = SELECT;
  REG(TWI + 0x500) = 6;
  REG(TWI + 0x588) = 0x30;
  REG(SPI + 0x500) = 7;
  result[0] = (uint32_t)ov2640(1, 0x0A) << 8 | ov2640(1, 0x0B);
  arduchip(0x80 | 0x04, 1);
  arduchip(0x80 | 0x04, 2);
  while (!(arduchip(0x41, 0) & 8)) {
  }
  uint32_t size = arduchip(0x42, 0) | arduchip(0x43, 0) << 8 | arduchip(0x44, 0) << 16;
  result[1] = size;
  sent[0] = 0x3C;
  select();
  exchange(sent, 1, received, 1);
  exchange(sent, 0, picture, size);  // what goes out meanwhile is ORC
  exchange(sent, 0, received, 1);
  release();
  result[2] = received[0];
  print(picture[size - 3]);
  for (;;) __asm volatile("wfi");
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20020000, Reset_Handler};
