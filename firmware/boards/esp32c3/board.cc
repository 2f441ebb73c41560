// The board comes up, waits and stops. Clocks, the cache's windows and the watchdogs are what the second-stage
// bootloader has made of them: 160 MHz, flash at its windows from offset 0 on, no watchdog running.
#include "runtime/board.h"

#include "board_map.h"
#include "cores/riscv/core.h"
#include "log.h"

namespace board {

void start() {
  esp32c3::start_log();
  enable_interrupts();
}

void wait_for_interrupt() { asm volatile("wfi" ::: "memory"); }

void park() { riscv::sleep_forever(); }

}  // namespace board
