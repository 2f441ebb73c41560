// Where things are on an ESP32-C3 (technical reference manual 1.1, chapter 3.3) and on the lab's platform of its class.
#pragma once

#include "esp32c3.h"

namespace esp32c3 {

constexpr uint32_t kClockHz = 160'000'000;

constexpr uintptr_t kUart0Base = 0x60000000;

// The lab's sensor stands in for the I2S peripheral. Its interrupt reaches the core as it is: there is no interrupt
// matrix in between.
constexpr uintptr_t kMicrophoneBase = 0x60030000;
constexpr unsigned kMicrophoneInterrupt = 17;

inline Uart& uart() { return *reinterpret_cast<Uart*>(kUart0Base); }

}  // namespace esp32c3
