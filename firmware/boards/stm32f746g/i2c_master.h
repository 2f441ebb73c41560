// One of the chip's I2C masters, polled: a transfer is a few bytes in thread context. RM0385 rev 8, chapter 30.
#pragma once

#include <cstddef>
#include <cstdint>

#include "board_map.h"
#include "clocks.h"

namespace stm32f746g {

// Where a master is, and its SCL and SDA, both alternate function 4.
struct I2cWiring {
  uintptr_t base;
  uint32_t clock;  // of RCC's APB1ENR
  uintptr_t port;
  uint32_t port_clock;  // of RCC's AHB1ENR
  unsigned pins[2];
};

// A template, so that addresses are constants in its loops. Those that return false found that the part does not
// answer.
template <const I2cWiring& kWiring>
class I2cMaster {
 public:
  static constexpr uint32_t kReading = 1u << 10;  // CR2
  static constexpr uint32_t kStopAtEnd = 1u << 25;

  static void start() {  // at 400 kHz
    constexpr uint32_t kAlternateFunction = 2;
    constexpr uint32_t kI2cFunction = 4;
    // APB1 is 54 MHz, / 6 = 9 MHz: low for 12 periods, high for 7, which the filters and edges make 2.5 us; data are
    // set up for 4 and held for 2. Chapter 30.4.10.
    constexpr uint32_t k400kHz = 5u << 28 | 3u << 20 | 2u << 16 | 6u << 8 | 11u;
    auto& port = *reinterpret_cast<stm32f746::Gpio*>(kWiring.port);
    enable_clock(rcc().AHB1ENR, kWiring.port_clock);
    enable_clock(rcc().APB1ENR, kWiring.clock);
    for (const unsigned pin : kWiring.pins) {
      port.OTYPER = port.OTYPER | 1u << pin;  // open drain
      port.AFR[pin / 8] = port.AFR[pin / 8] | kI2cFunction << (pin % 8 * 4);
      port.MODER = port.MODER | kAlternateFunction << (pin * 2);
    }
    i2c().TIMINGR = k400kHz;
    i2c().CR1 = kEnabled;
  }

  static void begin(uint8_t address, size_t bytes, uint32_t how) {
    constexpr uint32_t kStart = 1u << 13;
    i2c().CR2 = static_cast<uint32_t>(address) << 1 | static_cast<uint32_t>(bytes) << 16 | kStart | how;
  }

  static bool send(uint8_t byte) {
    constexpr uint32_t kSendNext = 1u << 1;
    if (!await(kSendNext)) {
      return false;
    }
    i2c().TXDR = byte;
    return true;
  }

  static bool receive(uint8_t* bytes, size_t count) {
    constexpr uint32_t kReceived = 1u << 2;
    for (size_t i = 0; i < count; ++i) {
      if (!await(kReceived)) {
        return false;
      }
      bytes[i] = static_cast<uint8_t>(i2c().RXDR);
    }
    return true;
  }

  // Behind the last byte, where another transfer follows without a stop.
  static bool complete() {
    constexpr uint32_t kComplete = 1u << 6;
    return await(kComplete);
  }

  // Behind the last byte. What failed leaves the bus free and the flags clear: the peripheral is switched off and on.
  static bool end(bool succeeded) {
    constexpr uint32_t kStopped = 1u << 5;  // ISR, ICR
    if (succeeded && await(kStopped)) {
      i2c().ICR = kStopped;
      return true;
    }
    i2c().CR1 = 0;
    static_cast<void>(i2c().CR1);  // which takes it the three clock cycles that it has to be off
    i2c().CR1 = kEnabled;
    return false;
  }

 private:
  static constexpr uint32_t kEnabled = 1;  // CR1

  static stm32f746::I2c& i2c() { return *reinterpret_cast<stm32f746::I2c*>(kWiring.base); }

  // Renode does not say that nobody acknowledged: there a missing part is known by the time alone.
  static bool await(uint32_t flag) {
    constexpr uint32_t kNotAcknowledged = 1u << 4;
    constexpr int kLongerThanAFewBytes = 1'000;  // one takes 4,860 clock cycles, a look at the register ten or more
    for (int tries = 0; tries < kLongerThanAFewBytes; ++tries) {
      const uint32_t flags = i2c().ISR;
      if ((flags & flag) != 0) {
        return true;
      }
      if ((flags & kNotAcknowledged) != 0) {
        return false;
      }
    }
    return false;
  }
};

}  // namespace stm32f746g
