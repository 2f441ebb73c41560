// Where things are on an nRF52 (nRF52832, nRF52833, nRF52840): base addresses and interrupts are the same on all.
#pragma once

#include "families/nrf52/registers.h"

namespace nrf52 {

constexpr uint32_t kClockHz = 64'000'000;

constexpr uintptr_t kClockBase = 0x40000000;
constexpr uintptr_t kUarteBase = 0x40002000;
constexpr uintptr_t kTwiBase = 0x40003000;
constexpr uintptr_t kRtcBase = 0x4000B000;
constexpr uintptr_t kPdmBase = 0x4001D000;
constexpr uintptr_t kNvmcBase = 0x4001E000;
constexpr uintptr_t kPort0Base = 0x50000000;
constexpr uintptr_t kPort1Base = 0x50000300;

constexpr unsigned kInterrupts = 48;
constexpr unsigned kRtcInterrupt = 11;
constexpr unsigned kPdmInterrupt = 29;
constexpr unsigned kFpuInterrupt = 38;

constexpr uint32_t kNoPin = 0xFFFFFFFF;

inline Clock& clock() { return *reinterpret_cast<Clock*>(kClockBase); }
inline Uarte& uarte() { return *reinterpret_cast<Uarte*>(kUarteBase); }
inline Twi& twi() { return *reinterpret_cast<Twi*>(kTwiBase); }
inline Rtc& rtc() { return *reinterpret_cast<Rtc*>(kRtcBase); }
inline Pdm& pdm() { return *reinterpret_cast<Pdm*>(kPdmBase); }
inline Nvmc& nvmc() { return *reinterpret_cast<Nvmc*>(kNvmcBase); }
inline Gpio& port(unsigned number) { return *reinterpret_cast<Gpio*>(number == 0 ? kPort0Base : kPort1Base); }

// Drives a pin (port << 5 | pin, as PSEL registers want it); what a peripheral does with it later comes on top.
void drive(uint32_t pin, bool high);

}  // namespace nrf52
