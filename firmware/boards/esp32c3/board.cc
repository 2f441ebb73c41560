// The board comes up, waits and stops. Clocks, the cache's windows and the watchdogs are what the second-stage
// bootloader has made of them: 160 MHz, flash at its windows from offset 0 on, no watchdog running.
#include "runtime/board.h"

#include "board_map.h"
#include "cores/riscv/core.h"
#include "log.h"

namespace {

// The system timer's first counter runs since reset, 16 ticks a microsecond.
uint64_t ticks() {
  constexpr uint32_t kUpdate = 1u << 30;
  constexpr uint32_t kValid = 1u << 29;
  auto& timer = esp32c3::system_timer();
  timer.UNIT_OP[0] = kUpdate;
  while ((timer.UNIT_OP[0] & kValid) == 0) {  // a few cycles of its clock
  }
  return static_cast<uint64_t>(timer.UNIT_VALUE[0].HI) << 32 | timer.UNIT_VALUE[0].LO;
}

}  // namespace

namespace board {

void start() {
  esp32c3::start_log();
  enable_interrupts();
}

uint32_t milliseconds() {
  constexpr uint32_t kTicksAMs = 16'000;
  return static_cast<uint32_t>(ticks() / kTicksAMs);
}

void wait_for_interrupt() { asm volatile("wfi" ::: "memory"); }

void park() { riscv::sleep_forever(); }

}  // namespace board
