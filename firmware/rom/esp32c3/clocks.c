// Time, resets, the analog registers behind I2C, and what the fuses say. ESP-IDF: rom/ets_sys.h, rom/rtc.h,
// rom/efuse.h, esp_rom_regi2c.h.

#include "rom.h"

enum { OPTIONS0 = 0x00, RESET_SYSTEM = 1u << 31, RESET_CORE = 1 << 5, WAKEUP_CAUSE = 0x110, APB_HZ = 80000000 };
enum { MAC = 0x44 };
enum { WRITE = 1 << 24, BUSY = 1 << 25, DATA = 16, REGISTER = 8 };

static uint32_t cycles_per_us = CYCLES_PER_US, crystal_divider = 1;

static uint32_t cycles(void) {
  uint32_t value;
  __asm__ volatile("csrr %0, 0x7E2" : "=r"(value));
  return value;
}

// The board's core has one speed: a microsecond is one, whatever the firmware has told of its clock.
void ets_delay_us(uint32_t us) {
  for (uint32_t begin = cycles(), wanted = us * CYCLES_PER_US; cycles() - begin < wanted;) {
  }
}

void ets_update_cpu_frequency(uint32_t value) { cycles_per_us = value; }
uint32_t ets_get_cpu_frequency(void) { return cycles_per_us; }
uint32_t ets_get_apb_freq(void) { return APB_HZ; }
uint32_t ets_get_xtal_freq(void) { return 40000000; }
uint32_t ets_get_xtal_div(void) { return crystal_divider; }
void ets_set_xtal_div(uint32_t divider) { crystal_divider = divider; }

static void reset(uint32_t what) {
  *at(RTC_CNTL + OPTIONS0) |= what;
  for (;;) {
  }
}

void software_reset(void) { reset(RESET_SYSTEM); }
void software_reset_cpu(int core) { (void)core, reset(RESET_CORE); }
uint32_t rtc_get_wakeup_cause(void) { return *at(RTC_CNTL + WAKEUP_CAUSE) & 0x1FFFF; }
void set_rtc_memory_crc(void) {}
void ets_set_user_start(uint32_t start) { (void)start; }
uint32_t nothing_happened(void) { return 0; }

static uint32_t transfer(uint8_t block, uint8_t number, uint32_t what) {
  *at(ANALOG_I2C) = block | number << REGISTER | what;
  while (*at(ANALOG_I2C) & BUSY) {
  }
  return *at(ANALOG_I2C) >> DATA & 0xFF;
}

uint8_t rom_i2c_readReg(uint8_t block, uint8_t host, uint8_t number) {
  (void)host;
  return transfer(block, number, 0);
}

void rom_i2c_writeReg(uint8_t block, uint8_t host, uint8_t number, uint8_t value) {
  (void)host;
  transfer(block, number, WRITE | (uint32_t)value << DATA);
}

static uint32_t field(uint8_t high, uint8_t low) { return ((2u << (high - low)) - 1) << low; }

uint8_t rom_i2c_readReg_Mask(uint8_t block, uint8_t host, uint8_t number, uint8_t high, uint8_t low) {
  return (rom_i2c_readReg(block, host, number) & field(high, low)) >> low;
}

void rom_i2c_writeReg_Mask(uint8_t block, uint8_t host, uint8_t number, uint8_t high, uint8_t low, uint8_t value) {
  uint32_t mask = field(high, low);
  rom_i2c_writeReg(block, host, number, (rom_i2c_readReg(block, host, number) & ~mask) | (value << low & mask));
}

// No fuse is blown save those of the identity.
uint32_t no_fuse(void) { return 0; }
uint32_t ets_efuse_get_wp_pad(void) { return 0x3F; }

void ets_efuse_get_mac(uint8_t *mac) {
  for (uint32_t i = 0; i < 6; i++) mac[5 - i] = *at(EFUSE + MAC + (i & ~3u)) >> 8 * (i & 3);
}
