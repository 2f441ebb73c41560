// ST's accelerometer LIS2DW12 in its high-performance mode. Data sheet DS11811 rev 8, chapters 5 and 8.
#pragma once

#include <iterator>

#include "drivers/fifo_accelerometer.h"

namespace drivers {

// Its INT1 is high while as many frames wait as `wake` should come for.
class Lis2dw12 : public FifoAccelerometer {
 public:
  explicit constexpr Lis2dw12(RegisterBus& bus) : FifoAccelerometer(bus, kPart) {}

 protected:
  ~Lis2dw12() = default;

 private:
  static constexpr uint16_t kRatesHz[] = {25, 50, 100, 200, 400, 800, 1600};
  static constexpr Part kPart = {0x44, kRatesHz, std::size(kRatesHz), 5};

  bool configure(const Configuration& configuration) override;
  bool power_down() override;
};

}  // namespace drivers
