// Parts on the Arduino header, on I2C1.
#pragma once

#include "drivers/register_bus.h"

namespace stm32f746g {

class I2cBus final : public drivers::RegisterBus {
 public:
  explicit constexpr I2cBus(uint8_t address) : RegisterBus(address) {}

  void start();  // at 400 kHz

  bool write(uint8_t number, uint8_t value) override;
  bool read(uint8_t first, uint8_t* values, size_t count) override;
};

}  // namespace stm32f746g
