#include "cores/cortex_m/core.h"

#include "cores/cortex_m/registers.h"
#include "runtime/board.h"

namespace {

// As slow as the 24-bit counter allows in round numbers: fewer wake-ups, and VAL gives the milliseconds between them.
constexpr uint32_t kTicksPerSecond = 10;

uint32_t clock_hz = 0;
volatile uint32_t ticks = 0;

}  // namespace

extern "C" void system_timer_handler() { ticks = ticks + 1; }

namespace cortex_m {

void start(uint32_t core_clock_hz) {
  constexpr uint32_t kUsageBusMemoryFaults = 7u << 16;
  constexpr uint32_t kTraceEnable = 1u << 24;
  constexpr uint32_t kEnableWithInterruptFromCoreClock = 7;

  scb().SHCSR = scb().SHCSR | kUsageBusMemoryFaults;

  scb().DEMCR = scb().DEMCR | kTraceEnable;
  dwt().CYCCNT = 0;
  dwt().CTRL = dwt().CTRL | 1u;

  clock_hz = core_clock_hz;
  systick().LOAD = clock_hz / kTicksPerSecond - 1;
  systick().VAL = 0;
  systick().CTRL = kEnableWithInterruptFromCoreClock;
}

void enable_interrupt(unsigned number, uint8_t priority) {
  nvic().IPR[number] = priority;
  nvic().ISER[number / 32] = 1u << (number % 32);
}

void disable_interrupt(unsigned number) {
  nvic().ICER[number / 32] = 1u << (number % 32);
  asm volatile("dsb\n isb" ::: "memory");
}

void sleep_forever() {
  systick().CTRL = 0;
  for (;;) {
    asm volatile("dsb\n wfi" ::: "memory");
  }
}

}  // namespace cortex_m

namespace board {

uint32_t milliseconds() {
  uint32_t before;
  uint32_t left;
  do {  // again if the timer wrapped between the two readings
    before = ticks;
    left = cortex_m::systick().VAL;
  } while (before != ticks);
  const uint32_t period = clock_hz / kTicksPerSecond;
  const uint32_t elapsed = left == 0 ? 0 : period - left;
  return before * (1000 / kTicksPerSecond) + elapsed / (clock_hz / 1000);
}

uint32_t cycles() { return cortex_m::dwt().CYCCNT; }

void disable_interrupts() { asm volatile("cpsid i" ::: "memory"); }

void enable_interrupts() { asm volatile("cpsie i\n isb" ::: "memory"); }

}  // namespace board
