// The ArduCAM Mini 2MP Plus as firmware goes to it: its sensor chip over TWI, its FIFO over SPI without EasyDMA, P0.23
// to select it. Not its identity, which Renode's has not, and no byte of a picture before there is one, which ends
// Renode. result[0] bytes of the picture, [1] what they sum up to, each times its place.
#include "probe.h"

enum { TWI = 0x40003000, SPI = 0x40023000, GPIO = 0x50000500, SELECT = 1u << 23 };

static void await(uint32_t event) {
  for (int i = 0; i < 100 && !REG(event); i++) {
  }
  REG(event) = 0;
}

static void send(uint8_t value) {
  REG(TWI + 0x51C) = value;
  await(TWI + 0x11C);
}

static void stop(void) {
  REG(TWI + 0x014) = 1;
  await(TWI + 0x104);
}

static void sensor_write(uint8_t address, uint8_t value) {
  REG(TWI + 0x008) = 1;
  send(address);
  send(value);
  stop();
}

static uint8_t sensor_read(uint8_t address) {
  REG(TWI + 0x008) = 1;
  send(address);
  REG(TWI + 0x200) = 2;
  REG(TWI + 0x000) = 1;
  await(TWI + 0x108);
  uint8_t value = REG(TWI + 0x518);
  await(TWI + 0x104);
  REG(TWI + 0x200) = 0;
  return value;
}

static void select(void) { REG(GPIO + 0x00C) = SELECT; }
static void release(void) { REG(GPIO + 0x008) = SELECT; }

static uint8_t exchange(uint8_t value) {
  REG(SPI + 0x51C) = value;
  await(SPI + 0x108);
  return REG(SPI + 0x518);
}

static uint8_t chip(uint8_t address, uint8_t value) {
  select();
  exchange(address);
  uint8_t answer = exchange(value);
  release();
  return answer;
}

static uint32_t size(void) { return chip(0x42, 0) | chip(0x43, 0) << 8 | chip(0x44, 0) << 16; }

void Reset_Handler(void) {
  release();
  REG(GPIO + 0x018) = SELECT;
  REG(TWI + 0x500) = 5;
  REG(TWI + 0x588) = 0x30;
  REG(SPI + 0x500) = 1;

  sensor_write(0x5A, 0x28);  // bank of the DSP: OUTW
  mark(0x100 + sensor_read(0x5A));
  sensor_write(0xFF, 1);
  mark(0x200 + sensor_read(0xFF));
  sensor_write(0x12, 0x40);  // bank of the sensor: COM7
  mark(0x300 + sensor_read(0x12));
  sensor_write(0x12, 0x80);
  mark(0x400 + sensor_read(0xFF));
  mark(0x500 + sensor_read(0x5A));

  chip(0x80, 0x55);
  mark(0x600 + chip(0x00, 0));
  mark(0x700 + chip(0x41, 0));
  mark(0x800 + size());
  chip(0x84, 1);
  chip(0x84, 2);
  mark(0x900 + chip(0x41, 0));
  result[0] = size();
  mark(0xA0000 + result[0]);
  select();
  exchange(0x3C);
  uint32_t place = 0;
  while (place < result[0] / 2) result[1] += ++place * exchange(0);
  release();
  mark(0xB00 + (result[1] & 0xFF));
  select();  // the next byte is an address again, and reading goes on where it was
  exchange(0x3C);
  while (place < result[0]) result[1] += ++place * exchange(0);
  mark(0xC00 + (result[1] & 0xFF));
  mark(0xD00 + exchange(0));
  release();
  chip(0x84, 1);
  mark(0xE00 + chip(0x41, 0));
  chip(0x84, 2);
  mark(0xF00 + chip(0x3C, 0));
  mark(0x1000 + chip(0x3C, 0));
  for (;;) __asm volatile("wfi");
}
