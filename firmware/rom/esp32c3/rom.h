// What the files of the ROM stand-in share: registers, and each other's functions. Registers: ESP32-C3 technical
// reference manual 1.1.
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline volatile uint32_t *at(uint32_t address) { return (volatile uint32_t *)address; }

enum {
  UART0 = 0x60000000,
  SPI1 = 0x60002000,
  GPIO = 0x60004000,
  RTC_CNTL = 0x60008000,
  EFUSE = 0x60008800,
  IO_MUX = 0x60009000,
  ANALOG_I2C = 0x6000E000,
  USB_SERIAL_JTAG = 0x60043000,
  INTERRUPTS = 0x600C2000,
  EXTMEM = 0x600C4000,
  MMU = 0x600C5000,
};

enum { CYCLES_PER_US = 160 };  // of the board, whatever the firmware sets

// console.c
void put_character(char c);
int ets_printf(const char *format, ...);
uint8_t uart_tx_one_char(uint8_t c);

// strings.c
void *memset(void *to, int value, size_t size);
void *memcpy(void *to, const void *from, size_t size);
size_t strnlen(const char *text, size_t most);

// spi_flash.c
int esp_rom_spiflash_read(uint32_t from, uint32_t *to, int32_t size);

// cache.c
int map_flash(uint32_t address, uint32_t flash, uint32_t kilobytes, uint32_t count, bool fixed);

// division.c
uint64_t divide(uint64_t dividend, uint64_t divisor, uint64_t *remainder);
