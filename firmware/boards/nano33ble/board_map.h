// The Arduino Nano 33 BLE's pins (schematic ABX00030), as PSEL registers want them: port << 5 | pin.
#pragma once

#include <cstdint>

namespace board_map {

constexpr uint32_t kLogTxPin = 1 << 5 | 3;   // TX, P1.03
constexpr uint32_t kLogRxPin = 1 << 5 | 10;  // RX, P1.10
constexpr uint32_t kMicrophoneClockPin = 26;
constexpr uint32_t kMicrophoneDataPin = 25;
constexpr uint32_t kMicrophonePowerPin = 17;
constexpr uint32_t kSensorDataPin = 14;  // the bus that only parts on the board are on
constexpr uint32_t kSensorClockPin = 15;
constexpr uint32_t kSensorPullUpPin = 1 << 5 | 0;  // P1.00
constexpr uint32_t kSensorPowerPin = 22;

}  // namespace board_map
