// Where things are on the STM32F746G-DISCO (UM1907): base addresses of the STM32F746 (RM0385 rev 8, chapter 2.2),
// interrupts, pins.
#pragma once

#include "stm32f746.h"

namespace stm32f746g {

constexpr uint32_t kClockHz = 216'000'000;

constexpr uintptr_t kI2c1Base = 0x40005400;
constexpr uintptr_t kI2c3Base = 0x40005C00;
constexpr uintptr_t kPowerBase = 0x40007000;
constexpr uintptr_t kUsart1Base = 0x40011000;
constexpr uintptr_t kExternalInterruptsBase = 0x40013C00;
constexpr uintptr_t kSai2Base = 0x40015C00;
constexpr uintptr_t kPortABase = 0x40020000;
constexpr uintptr_t kPortBBase = 0x40020400;
constexpr uintptr_t kPortGBase = 0x40021800;
constexpr uintptr_t kPortHBase = 0x40021C00;
constexpr uintptr_t kPortIBase = 0x40022000;
constexpr uintptr_t kResetClockBase = 0x40023800;
constexpr uintptr_t kFlashBase = 0x40023C00;
constexpr uintptr_t kDma2Base = 0x40026400;

constexpr unsigned kInterrupts = 98;

// PA9 and PB7, to and from the debugger's virtual serial port.
constexpr unsigned kLogTxPin = 9;
constexpr unsigned kLogRxPin = 7;

// An accelerometer on the Arduino header: SCL and SDA (D15, D14) are PB8 and PB9, its INT1 on A0 is PA0.
constexpr unsigned kSensorClockPin = 8;
constexpr unsigned kSensorDataPin = 9;
constexpr unsigned kAccelerometerLine = 0;  // of the external interrupts: after reset line n is pin n of port A
constexpr unsigned kAccelerometerInterrupt = 6;

// The codec: SCL and SDA are PH7 and PH8; MCLK, SCK and FS of SAI2's block A are PI4, PI5 and PI7, SD of block B, on
// which the codec sends, is PG10. DMA2 takes what block B receives with stream 7, channel 0 (RM0385, table 27).
constexpr uint8_t kCodecAddress = 0x1A;
constexpr unsigned kCodecClockPin = 7;
constexpr unsigned kCodecDataPin = 8;
constexpr unsigned kAudioClockPins[] = {4, 5, 7};
constexpr unsigned kAudioDataPin = 10;
constexpr unsigned kAudioStream = 7;
constexpr unsigned kAudioStreamInterrupt = 70;
constexpr unsigned kAudioOverrunInterrupt = 91;

inline stm32f746::Power& power() { return *reinterpret_cast<stm32f746::Power*>(kPowerBase); }
inline stm32f746::Usart& usart() { return *reinterpret_cast<stm32f746::Usart*>(kUsart1Base); }
inline stm32f746::Gpio& port_a() { return *reinterpret_cast<stm32f746::Gpio*>(kPortABase); }
inline stm32f746::Gpio& port_b() { return *reinterpret_cast<stm32f746::Gpio*>(kPortBBase); }
inline stm32f746::Gpio& port_g() { return *reinterpret_cast<stm32f746::Gpio*>(kPortGBase); }
inline stm32f746::Gpio& port_h() { return *reinterpret_cast<stm32f746::Gpio*>(kPortHBase); }
inline stm32f746::Gpio& port_i() { return *reinterpret_cast<stm32f746::Gpio*>(kPortIBase); }
inline stm32f746::I2c& i2c1() { return *reinterpret_cast<stm32f746::I2c*>(kI2c1Base); }
inline stm32f746::I2c& i2c3() { return *reinterpret_cast<stm32f746::I2c*>(kI2c3Base); }
inline stm32f746::Sai& sai2() { return *reinterpret_cast<stm32f746::Sai*>(kSai2Base); }
inline stm32f746::Dma& dma2() { return *reinterpret_cast<stm32f746::Dma*>(kDma2Base); }
inline stm32f746::ExternalInterrupts& exti() {
  return *reinterpret_cast<stm32f746::ExternalInterrupts*>(kExternalInterruptsBase);
}
inline stm32f746::ResetClock& rcc() { return *reinterpret_cast<stm32f746::ResetClock*>(kResetClockBase); }
inline stm32f746::Flash& flash() { return *reinterpret_cast<stm32f746::Flash*>(kFlashBase); }

}  // namespace stm32f746g
