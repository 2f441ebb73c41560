// RM0385 rev 8: over-drive in chapter 4.1.4, clocks in 5.2 and 5.3, wait states in 3.3.1 (table 5).
#include "clocks.h"

#include "board_map.h"

namespace {

using stm32f746::Register;

void wait_for(const Register& status, uint32_t bits) {
  while ((status & bits) != bits) {
  }
}

// 216 MHz need the regulator's highest scale and its over-drive.
void start_over_drive() {
  constexpr uint32_t kPowerClock = 1u << 28;
  constexpr uint32_t kScale1 = 3u << 14;
  constexpr uint32_t kOverDrive = 1u << 16;
  constexpr uint32_t kSwitchToOverDrive = 1u << 17;
  auto& power = stm32f746g::power();
  stm32f746g::enable_clock(stm32f746g::rcc().APB1ENR, kPowerClock);
  power.CR1 = power.CR1 | kScale1;
  power.CR1 = power.CR1 | kOverDrive;
  wait_for(power.CSR1, kOverDrive);
  power.CR1 = power.CR1 | kSwitchToOverDrive;
  wait_for(power.CSR1, kSwitchToOverDrive);
}

}  // namespace

namespace stm32f746g {

void start_clocks() {
  constexpr uint32_t kOscillator = 1u << 16;
  constexpr uint32_t kOscillatorReady = 1u << 17;
  constexpr uint32_t kOscillatorIsAClock = 1u << 18;  // not a crystal
  constexpr uint32_t kPll = 1u << 24;
  constexpr uint32_t kPllReady = 1u << 25;
  // 25 MHz / 25 * 432 / 2 = 216 MHz; / 9 = 48 MHz for USB.
  constexpr uint32_t kPllFromOscillator = 25u | 432u << 6 | 0u << 16 | 1u << 22 | 9u << 24;
  constexpr uint32_t kApb1By4Apb2By2 = 5u << 10 | 4u << 13;
  constexpr uint32_t kCoreFromPll = 2;
  constexpr uint32_t kCoreIsFromPll = 2u << 2;
  constexpr uint32_t kSevenWaitStates = 7;
  constexpr uint32_t kPrefetchAndAccelerator = 1u << 8 | 1u << 9;

  rcc().CR = rcc().CR | kOscillatorIsAClock;
  rcc().CR = rcc().CR | kOscillator;
  wait_for(rcc().CR, kOscillatorReady);
  rcc().PLLCFGR = kPllFromOscillator;
  rcc().CR = rcc().CR | kPll;
  start_over_drive();  // while the PLL locks
  wait_for(rcc().CR, kPllReady);
  flash().ACR = kSevenWaitStates | kPrefetchAndAccelerator;
  wait_for(flash().ACR, kSevenWaitStates);
  rcc().CFGR = kApb1By4Apb2By2 | kCoreFromPll;
  wait_for(rcc().CFGR, kCoreIsFromPll);
}

void start_audio_clock() {
  constexpr uint32_t kAudioPll = 1u << 26;
  constexpr uint32_t kAudioPllReady = 1u << 27;
  constexpr uint32_t kBy426Over13 = 426u << 6 | 0u << 16 | 13u << 24 | 2u << 28;  // N, P, Q, R
  constexpr uint32_t kSai2FromAudioPll = 1u << 22;                                // divided by 1
  rcc().PLLI2SCFGR = kBy426Over13;
  rcc().DCKCFGR1 = kSai2FromAudioPll;
  rcc().CR = rcc().CR | kAudioPll;
  wait_for(rcc().CR, kAudioPllReady);
}

}  // namespace stm32f746g
