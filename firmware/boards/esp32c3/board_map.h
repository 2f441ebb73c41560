// Where things are on an ESP32-C3 (technical reference manual 1.1, chapter 3.3) and on the lab's platform of its class.
#pragma once

#include "esp32c3.h"

namespace esp32c3 {

constexpr uint32_t kClockHz = 160'000'000;

constexpr uintptr_t kUart0Base = 0x60000000;
constexpr uintptr_t kGpioBase = 0x60004000;
constexpr uintptr_t kLowPowerBase = 0x60008000;
constexpr uintptr_t kIoMuxBase = 0x60009000;
constexpr uintptr_t kAnalogBase = 0x6000E000;
constexpr uintptr_t kI2c0Base = 0x60013000;
constexpr uintptr_t kTimerGroupBase = 0x6001F000;
constexpr uintptr_t kSystemTimerBase = 0x60023000;
constexpr uintptr_t kI2s0Base = 0x6002D000;
constexpr uintptr_t kGdmaBase = 0x6003F000;
constexpr uintptr_t kSystemBase = 0x600C0000;
constexpr uintptr_t kInterruptMatrixBase = 0x600C2000;

// An accelerometer on the pins that Espressif's examples have for I2C.
constexpr unsigned kSensorDataPin = 5;
constexpr unsigned kSensorClockPin = 6;

// A microphone on those that they have for I2S, its data beside the accelerometer's.
constexpr unsigned kMicrophoneClockPin = 2;
constexpr unsigned kMicrophoneWordPin = 3;
constexpr unsigned kMicrophoneDataPin = 4;

// Sources of the interrupt matrix.
constexpr unsigned kSystemTimerSource = 37;  // its first target
constexpr unsigned kDmaSource = 44;          // GDMA's first channel

inline Analog& analog() { return *reinterpret_cast<Analog*>(kAnalogBase); }
inline Gdma& gdma() { return *reinterpret_cast<Gdma*>(kGdmaBase); }
inline Gpio& gpio() { return *reinterpret_cast<Gpio*>(kGpioBase); }
inline InterruptMatrix& interrupt_matrix() { return *reinterpret_cast<InterruptMatrix*>(kInterruptMatrixBase); }
inline IoMux& io_mux() { return *reinterpret_cast<IoMux*>(kIoMuxBase); }
inline I2c& i2c() { return *reinterpret_cast<I2c*>(kI2c0Base); }
inline I2s& i2s() { return *reinterpret_cast<I2s*>(kI2s0Base); }
inline LowPower& low_power() { return *reinterpret_cast<LowPower*>(kLowPowerBase); }
inline SystemTimer& system_timer() { return *reinterpret_cast<SystemTimer*>(kSystemTimerBase); }
inline System& system() { return *reinterpret_cast<System*>(kSystemBase); }
inline TimerGroup& timer_group() { return *reinterpret_cast<TimerGroup*>(kTimerGroupBase); }
inline Uart& uart() { return *reinterpret_cast<Uart*>(kUart0Base); }

}  // namespace esp32c3
