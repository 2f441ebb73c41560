// What boards with a Cortex-M core share: exception vectors, interrupts, time, cycle counter.
#pragma once

#include <cstdint>

namespace cortex_m {

using Handler = void (*)();

// The first sixteen words of a vector table; a board adds its interrupts behind them.
struct SystemVectors {
  const void* initial_stack;
  Handler handlers[15];
};
extern const SystemVectors kSystemVectors;

// Faults get handlers of their own, the cycle counter and the system timer run.
void start(uint32_t clock_hz);

void enable_interrupt(unsigned number, uint8_t priority);
void disable_interrupt(unsigned number);

// One that came while it was disabled does not wait any longer.
void clear_pending(unsigned number);

// Ends all work: only a reset brings the core back.
[[noreturn]] void sleep_forever();

}  // namespace cortex_m

extern "C" {
[[noreturn]] void reset_handler();
void fault_handler();
void system_timer_handler();
}
