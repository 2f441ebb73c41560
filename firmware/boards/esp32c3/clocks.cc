// ESP32-C3 technical reference manual 1.1, chapters 6 and 16; of voltages and PLL it says nothing, so that the steps
// are those of ESP-IDF: rtc_init.c, rtc_clk_init.c and rtc_clk.c of the ESP32-C3, hal/clk_tree_ll.h, soc/regi2c_*.h.
// ESP-IDF starts the PLL first, at 80 MHz, and raises the voltage for 160 MHz; here the voltage comes first. Its
// calibration of the bandgap behind the regulators (o-code) and the fuse with the chip's own voltage are left out.
// The word that reaches a register of an analog part is that of hal/regi2c_impl.h of chips whose ROM has no function
// for it.
#include "clocks.h"

#include "board_map.h"

namespace {

constexpr uint32_t kPll = 0x66;  // analog parts
constexpr uint32_t kVoltage = 0x6D;

uint32_t transfer(uint32_t word) {
  constexpr uint32_t kBusy = 1u << 25;
  auto& bus = esp32c3::analog();
  bus.I2C0_CTRL = word;
  while ((bus.I2C0_CTRL & kBusy) != 0) {
  }
  return bus.I2C0_CTRL >> 16 & 0xFF;
}

void write(uint32_t part, uint32_t number, uint32_t value) {
  constexpr uint32_t kWrite = 1u << 24;
  transfer(part | number << 8 | value << 16 | kWrite);
}

// Bits `mask` of it, to `value`.
void change(uint32_t part, uint32_t number, uint32_t mask, uint32_t value) {
  write(part, number, (transfer(part | number << 8) & ~mask) | value);
}

// The core's logic needs more than at the crystal's clock: the value that ESP-IDF takes where no fuse has the chip's
// own.
void raise_voltage() {
  constexpr uint32_t kRegulators = 3u << 2;
  constexpr uint32_t kVolts = 0x1F;
  constexpr uint32_t kHigh = 28;
  change(kVoltage, 13, kRegulators, 0);
  change(kVoltage, 4, kVolts, kHigh);
  change(kVoltage, 6, kVolts, kHigh);
}

// 480 MHz from a crystal of 40 MHz.
void start_pll() {
  constexpr uint32_t kParts = 0x3FFu << 8;  // ANA_CONFIG: which are off the bus
  constexpr uint32_t kPllOff = 1u << 17;
  constexpr uint32_t kPowerDown = 1u << 10 | 1u << 8 | 1u << 6;  // OPTIONS0: of the PLL and of its bus
  constexpr uint32_t k480Mhz = 1u << 2;                          // CPU_PER_CONF
  constexpr uint32_t kStopHigh = 1u << 2;                        // ANA_CONF0: the PLL calibrates itself
  constexpr uint32_t kStopLow = 1u << 3;
  auto& bus = esp32c3::analog();
  auto& system = esp32c3::system();
  bus.ANA_CONFIG = bus.ANA_CONFIG | kParts;
  bus.ANA_CONFIG = bus.ANA_CONFIG & ~kPllOff;
  esp32c3::low_power().OPTIONS0 = esp32c3::low_power().OPTIONS0 & ~kPowerDown;
  system.CPU_PER_CONF = system.CPU_PER_CONF | k480Mhz;
  bus.ANA_CONF0 = bus.ANA_CONF0 & ~kStopHigh;
  bus.ANA_CONF0 = bus.ANA_CONF0 | kStopLow;
  write(kPll, 4, 0x6B);
  write(kPll, 2, 5u << 4);
  write(kPll, 3, 8);
  change(kPll, 5, 7u << 0, 0);
  change(kPll, 5, 7u << 4, 0);
  write(kPll, 6, 2u << 6 | 1u << 4 | 3u);
  change(kPll, 9, 3u << 0, 2u);
  change(kPll, 6, 3u << 4, 2u << 4);
  change(kPll, 6, 3u << 6, 1u << 6);
}

void take_pll() {
  constexpr uint32_t kPeriod = 3u << 0;  // CPU_PER_CONF
  constexpr uint32_t k160Mhz = 1u << 0;
  constexpr uint32_t kDivider = 0x3FF;  // SYSCLK_CONF
  constexpr uint32_t kSource = 3u << 10;
  constexpr uint32_t kFromPll = 1u << 10;
  auto& system = esp32c3::system();
  system.CPU_PER_CONF = (system.CPU_PER_CONF & ~kPeriod) | k160Mhz;
  system.SYSCLK_CONF = system.SYSCLK_CONF & ~kDivider;
  system.SYSCLK_CONF = (system.SYSCLK_CONF & ~kSource) | kFromPll;
}

}  // namespace

namespace esp32c3 {

void start_clocks() {
  raise_voltage();
  start_pll();
  take_pll();
}

}  // namespace esp32c3
