// I2C0, polled: a transfer is a few bytes in thread context.
#pragma once

#include "drivers/register_bus.h"

namespace esp32c3 {

class I2cBus final : public drivers::RegisterBus {
 public:
  explicit constexpr I2cBus(uint8_t address) : RegisterBus(address) {}

  void start();  // at 400 kHz

  bool write(uint8_t number, uint8_t value) override;
  bool read(uint8_t first, uint8_t* values, size_t count) override;  // at most 32
};

}  // namespace esp32c3
