// Where things are on the STM32F746G-DISCO (UM1907): base addresses of the STM32F746 (RM0385 rev 8, chapter 2.2),
// interrupts, pins.
#pragma once

#include "stm32f746.h"

namespace stm32f746g {

constexpr uint32_t kClockHz = 216'000'000;

constexpr uintptr_t kI2c1Base = 0x40005400;
constexpr uintptr_t kPowerBase = 0x40007000;
constexpr uintptr_t kUsart1Base = 0x40011000;
constexpr uintptr_t kExternalInterruptsBase = 0x40013C00;
constexpr uintptr_t kPortABase = 0x40020000;
constexpr uintptr_t kPortBBase = 0x40020400;
constexpr uintptr_t kResetClockBase = 0x40023800;
constexpr uintptr_t kFlashBase = 0x40023C00;

constexpr unsigned kInterrupts = 98;

// PA9 and PB7, to and from the debugger's virtual serial port.
constexpr unsigned kLogTxPin = 9;
constexpr unsigned kLogRxPin = 7;

// An accelerometer on the Arduino header: SCL and SDA (D15, D14) are PB8 and PB9, its INT1 on A0 is PA0.
constexpr unsigned kSensorClockPin = 8;
constexpr unsigned kSensorDataPin = 9;
constexpr unsigned kAccelerometerLine = 0;  // of the external interrupts: after reset line n is pin n of port A
constexpr unsigned kAccelerometerInterrupt = 6;

// The lab's sensor stands in for the microphones on SAI2.
constexpr uintptr_t kMicrophoneBase = 0x40015000;
constexpr unsigned kMicrophoneInterrupt = 87;

inline stm32f746::Power& power() { return *reinterpret_cast<stm32f746::Power*>(kPowerBase); }
inline stm32f746::Usart& usart() { return *reinterpret_cast<stm32f746::Usart*>(kUsart1Base); }
inline stm32f746::Gpio& port_a() { return *reinterpret_cast<stm32f746::Gpio*>(kPortABase); }
inline stm32f746::Gpio& port_b() { return *reinterpret_cast<stm32f746::Gpio*>(kPortBBase); }
inline stm32f746::I2c& i2c() { return *reinterpret_cast<stm32f746::I2c*>(kI2c1Base); }
inline stm32f746::ExternalInterrupts& exti() {
  return *reinterpret_cast<stm32f746::ExternalInterrupts*>(kExternalInterruptsBase);
}
inline stm32f746::ResetClock& rcc() { return *reinterpret_cast<stm32f746::ResetClock*>(kResetClockBase); }
inline stm32f746::Flash& flash() { return *reinterpret_cast<stm32f746::Flash*>(kFlashBase); }

}  // namespace stm32f746g
