#include "drivers/lis2dw12.h"

namespace {

constexpr uint8_t kCtrl1 = 0x20;
constexpr uint8_t kCtrl2 = 0x21;
constexpr uint8_t kCtrl4 = 0x23;
constexpr uint8_t kCtrl6 = 0x25;
constexpr uint8_t kFifoCtrl = 0x2E;

uint8_t full_scale(uint32_t range_g) { return range_g == 2 ? 0 : range_g == 4 ? 1 : range_g == 8 ? 2 : 3; }

// BW_FILT: the rate's half, fourth, tenth or twentieth.
uint8_t bandwidth(uint32_t rate_hz, uint32_t pass_hz) {
  return pass_hz * 20 <= rate_hz ? 3 : pass_hz * 10 <= rate_hz ? 2 : pass_hz * 4 <= rate_hz ? 1 : 0;
}

}  // namespace

namespace drivers {

bool Lis2dw12::configure(const Configuration& configuration) {
  constexpr uint8_t kSoftReset = 1u << 6;
  constexpr uint8_t kBlockUpdateAndNextAddress = 1u << 3 | 1u << 2;
  constexpr uint8_t kThresholdOnInt1 = 1u << 1;
  constexpr uint8_t kContinuous = 6u << 5;
  constexpr uint8_t kHighPerformance = 1u << 2;
  const uint8_t rate = configuration.rate + 3;  // 2 is 12.5 Hz
  const uint32_t rate_hz = kRatesHz[configuration.rate];
  return bus_.write(kCtrl2, kSoftReset) && becomes_clear(kCtrl2, kSoftReset) &&
         bus_.write(kCtrl2, kBlockUpdateAndNextAddress) && bus_.write(kCtrl4, kThresholdOnInt1) &&
         bus_.write(kFifoCtrl, kContinuous | configuration.threshold) &&
         bus_.write(kCtrl6, bandwidth(rate_hz, configuration.pass_hz) << 6 | full_scale(configuration.range_g) << 4) &&
         bus_.write(kCtrl1, rate << 4 | kHighPerformance);
}

bool Lis2dw12::power_down() { return bus_.write(kCtrl1, 0); }

}  // namespace drivers
