// The board comes up, waits and stops.
#include "runtime/board.h"

#include "board_map.h"
#include "clocks.h"
#include "cores/cortex_m/caches.h"
#include "cores/cortex_m/core.h"
#include "log.h"
#include "prepare_sensor.h"

[[gnu::weak]] void stm32f746g::prepare_sensor() {}

namespace board {

void start() {
  stm32f746g::start_clocks();
  cortex_m::enable_caches();
  stm32f746g::start_log();
  cortex_m::start(stm32f746g::kClockHz);
  stm32f746g::prepare_sensor();
}

void wait_for_interrupt() { asm volatile("dsb\n wfi" ::: "memory"); }

void park() { cortex_m::sleep_forever(); }

}  // namespace board
