#include "cores/cortex_m/core.h"

#include "cores/cortex_m/registers.h"
#include "runtime/board.h"

namespace {

constexpr uint32_t kMostTicks = 1u << 24;  // what LOAD has room for

uint32_t clock_khz = 0;
uint32_t period_ms = 0;
volatile uint32_t periods = 0;

}  // namespace

extern "C" void system_timer_handler() { periods = periods + 1; }

namespace cortex_m {

void start(uint32_t clock_hz) {
  constexpr uint32_t kUsageBusMemoryFaults = 7u << 16;
  constexpr uint32_t kTraceEnable = 1u << 24;
  constexpr uint32_t kUnlock = 0xC5ACCE55;
  constexpr uint32_t kEnableWithInterruptFromCoreClock = 7;

  scb().SHCSR = scb().SHCSR | kUsageBusMemoryFaults;

  scb().DEMCR = scb().DEMCR | kTraceEnable;
  dwt().LAR = kUnlock;  // a Cortex-M7 ignores the others before that, a Cortex-M4 has no lock
  dwt().CYCCNT = 0;
  dwt().CTRL = dwt().CTRL | 1u;

  // As slow as the counter allows in round numbers: fewer wake-ups, and VAL gives the milliseconds between them.
  clock_khz = clock_hz / 1000;
  period_ms = 100;
  while (period_ms * clock_khz > kMostTicks) {
    period_ms /= 2;
  }
  systick().LOAD = period_ms * clock_khz - 1;
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

void clear_pending(unsigned number) { nvic().ICPR[number / 32] = 1u << (number % 32); }

void sleep_forever() {
  systick().CTRL = 0;
  for (auto& enabled : nvic().ICER) {
    enabled = 0xFFFFFFFF;
  }
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
    before = periods;
    left = cortex_m::systick().VAL;
  } while (before != periods);
  const uint32_t elapsed = left == 0 ? 0 : period_ms * clock_khz - left;
  return before * period_ms + elapsed / clock_khz;
}

uint32_t cycles() { return cortex_m::dwt().CYCCNT; }

void disable_interrupts() { asm volatile("cpsid i" ::: "memory"); }

void enable_interrupts() { asm volatile("cpsie i\n isb" ::: "memory"); }

}  // namespace board
