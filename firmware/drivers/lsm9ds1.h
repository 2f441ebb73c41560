// The accelerometer of ST's LSM9DS1. Data sheet DocID025715 rev 3, chapters 3 and 7.
#pragma once

#include <iterator>

#include "drivers/fifo_accelerometer.h"

namespace drivers {

class Lsm9ds1 : public FifoAccelerometer {
 public:
  explicit constexpr Lsm9ds1(RegisterBus& bus) : FifoAccelerometer(bus, kPart) {}

 protected:
  ~Lsm9ds1() = default;

 private:
  static constexpr uint16_t kRatesHz[] = {10, 50, 119, 238, 476, 952};
  static constexpr Part kPart = {0x68, kRatesHz, std::size(kRatesHz), 1};

  bool configure(const Configuration& configuration) override;
  bool power_down() override;
};

}  // namespace drivers
