// The board comes up, waits and stops. The ROM has mapped flash behind its windows (boot.cc); clocks and watchdogs are
// as after power-on.
#include "runtime/board.h"

#include "board_map.h"
#include "clocks.h"
#include "cores/riscv/core.h"
#include "cores/riscv/csr.h"
#include "log.h"
#include "watchdogs.h"

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

// mpcer, mpcmr and mpccr, which this core has in place of mcycle (chapter 1.4): clock cycles are counted.
void start_counter() {
  RISCV_WRITE_CSR(0x7E0, 1u << 0);
  RISCV_WRITE_CSR(0x7E1, 1u << 0);
}

}  // namespace

namespace board {

void start() {
  esp32c3::stop_watchdogs();
  esp32c3::start_clocks();
  start_counter();
  esp32c3::start_log();
  riscv::silence_interrupts();  // whatever the ROM has left on
  enable_interrupts();
}

uint32_t cycles() { return RISCV_READ_CSR(0x7E2); }

uint32_t milliseconds() {
  constexpr uint32_t kTicksAMs = 16'000;
  return static_cast<uint32_t>(ticks() / kTicksAMs);
}

void wait_for_interrupt() { asm volatile("wfi" ::: "memory"); }

void park() { riscv::sleep_forever(); }

}  // namespace board
