// Where things are on the Arduino Nano 33 BLE (schematic ABX00030): base addresses, interrupts, pins.
#pragma once

#include "nrf52840.h"

namespace nano33ble {

constexpr uint32_t kClockHz = 64'000'000;

constexpr uintptr_t kClockBase = 0x40000000;
constexpr uintptr_t kUarteBase = 0x40002000;
constexpr uintptr_t kPdmBase = 0x4001D000;
constexpr uintptr_t kPort0Base = 0x50000000;
constexpr uintptr_t kPort1Base = 0x50000300;

constexpr unsigned kPdmInterrupt = 29;
constexpr unsigned kFpuInterrupt = 38;

// As PSEL registers want them: port << 5 | pin.
constexpr uint32_t kLogTxPin = 1 << 5 | 3;  // TX, P1.03
constexpr uint32_t kMicrophoneClockPin = 26;
constexpr uint32_t kMicrophoneDataPin = 25;
constexpr uint32_t kMicrophonePowerPin = 17;

inline nrf52840::Clock& clock() { return *reinterpret_cast<nrf52840::Clock*>(kClockBase); }
inline nrf52840::Uarte& uarte() { return *reinterpret_cast<nrf52840::Uarte*>(kUarteBase); }
inline nrf52840::Pdm& pdm() { return *reinterpret_cast<nrf52840::Pdm*>(kPdmBase); }
inline nrf52840::Gpio& port(unsigned number) {
  return *reinterpret_cast<nrf52840::Gpio*>(number == 0 ? kPort0Base : kPort1Base);
}

// Drives a pin; what a peripheral does with it later comes on top.
void drive(uint32_t pin, bool high);

}  // namespace nano33ble
