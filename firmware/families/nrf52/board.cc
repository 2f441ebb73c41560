// The board comes up, waits and stops.
#include "runtime/board.h"

#include "cores/cortex_m/core.h"
#include "cores/cortex_m/registers.h"
#include "families/nrf52/chip.h"
#include "families/nrf52/log.h"

namespace nrf52 {

void drive(uint32_t pin, bool high) {
  auto& gpio = port(pin / 32);
  const uint32_t bit = 1u << (pin % 32);
  (high ? gpio.OUTSET : gpio.OUTCLR) = bit;
  gpio.DIRSET = bit;
}

namespace {

constexpr uint32_t kCacheEnabled = 1 << 0;

// The cache of the flash for instructions, off at reset: chapter 4.3.8. Zephyr switches it on too.
void enable_instruction_cache() { nvmc().ICACHECNF = kCacheEnabled; }

// The PDM clock must come from the crystal: the internal oscillator drifts by more than a microphone tolerates.
void start_crystal() {
  clock().EVENTS_HFCLKSTARTED = 0;
  clock().TASKS_HFCLKSTART = 1;
  while (clock().EVENTS_HFCLKSTARTED == 0) {
  }
}

// Anomaly 87: floating point flags left standing keep the core from sleeping.
void clear_fpu_flags() {
  asm volatile(
      "vmrs r0, fpscr\n"
      "bic r0, r0, #0x9f\n"
      "vmsr fpscr, r0\n" ::
          : "r0");
  cortex_m::nvic().ICPR[kFpuInterrupt / 32] = 1u << (kFpuInterrupt % 32);
}

}  // namespace
}  // namespace nrf52

namespace board {

void start() {
  nrf52::enable_instruction_cache();
  nrf52::start_crystal();
  nrf52::start_log();
  cortex_m::start(nrf52::kClockHz);
}

void wait_for_interrupt() {
  nrf52::clear_fpu_flags();
  asm volatile("dsb\n wfi" ::: "memory");
}

void park() { cortex_m::sleep_forever(); }

}  // namespace board
