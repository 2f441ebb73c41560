// The two-wire interface without EasyDMA, polled: a transfer is a few bytes in thread context.
#pragma once

#include "drivers/register_bus.h"

namespace nrf52 {

class TwiBus final : public drivers::RegisterBus {
 public:
  constexpr TwiBus(uint8_t address, uint32_t clock_pin, uint32_t data_pin)
      : RegisterBus(address), clock_pin_(clock_pin), data_pin_(data_pin) {}

  void start();  // at 400 kHz

  bool write(uint8_t number, uint8_t value) override;
  bool read(uint8_t first, uint8_t* values, size_t count) override;

 private:
  uint32_t clock_pin_;
  uint32_t data_pin_;
};

}  // namespace nrf52
