#include "drivers/lsm9ds1.h"

namespace {

constexpr uint8_t kCtrlReg5Xl = 0x1F;
constexpr uint8_t kCtrlReg6Xl = 0x20;
constexpr uint8_t kCtrlReg8 = 0x22;
constexpr uint8_t kCtrlReg9 = 0x23;
constexpr uint8_t kFifoCtrl = 0x2E;

uint8_t full_scale(uint32_t range_g) {
  switch (range_g) {
    case 2:
      return 0;
    case 4:
      return 2;
    case 8:
      return 3;
    default:
      return 1;  // 16 g
  }
}

// BW_XL. The automatic choice, by the rate alone, is the widest for the two lowest rates.
uint8_t bandwidth(uint32_t pass_hz) { return pass_hz <= 50 ? 3 : pass_hz <= 105 ? 2 : pass_hz <= 211 ? 1 : 0; }

}  // namespace

namespace drivers {

bool Lsm9ds1::configure(const Configuration& configuration) {
  constexpr uint8_t kSoftwareReset = 1u << 0;
  constexpr uint8_t kBlockUpdateAndNextAddress = 1u << 6 | 1u << 2;
  constexpr uint8_t kFifoOn = 1u << 1;
  constexpr uint8_t kContinuous = 6u << 5;
  constexpr uint8_t kThreeAxes = 7u << 3;
  constexpr uint8_t kOwnBandwidth = 1u << 2;
  const uint8_t rate = configuration.rate + 1;  // 0 is power-down; the gyroscope stays there
  return bus_.write(kCtrlReg8, kSoftwareReset) && becomes_clear(kCtrlReg8, kSoftwareReset) &&
         bus_.write(kCtrlReg8, kBlockUpdateAndNextAddress) && bus_.write(kCtrlReg9, kFifoOn) &&
         bus_.write(kFifoCtrl, kContinuous) && bus_.write(kCtrlReg5Xl, kThreeAxes) &&
         bus_.write(kCtrlReg6Xl, rate << 5 | full_scale(configuration.range_g) << 3 | kOwnBandwidth |
                                     bandwidth(configuration.pass_hz));
}

bool Lsm9ds1::power_down() { return bus_.write(kCtrlReg6Xl, 0); }

}  // namespace drivers
