// The two-wire interface without EasyDMA, polled: a transfer is a few bytes in thread context.
#pragma once

#include "drivers/register_bus.h"

namespace nrf52 {

class TwiBus final : public drivers::RegisterBus {
 public:
  explicit constexpr TwiBus(uint8_t address) : RegisterBus(address) {}

  // At 400 kHz, on the board's pins for sensors.
  void start();

  bool write(uint8_t number, uint8_t value) override;
  bool read(uint8_t first, uint8_t* values, size_t count) override;
};

}  // namespace nrf52
