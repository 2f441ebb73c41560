// From reset to main: FPU, stack painting, data, bss, constructors.
#include <cstdint>

#include "cores/cortex_m/core.h"
#include "cores/cortex_m/registers.h"
#include "runtime/board.h"

extern "C" {
// Where the linker script put things.
extern uint32_t __stack_bottom[], __stack_top[];
extern uint32_t __data_begin[], __data_end[], __data_stored[];
extern uint32_t __bss_begin[], __bss_end[];
using Constructor = void (*)();
extern const Constructor __init_array_start[], __init_array_end[];

int main();
}

namespace {

constexpr uint32_t kPaint = 0xA5A5A5A5;

__attribute__((always_inline)) inline uint32_t* stack_pointer() {
  uint32_t* pointer;
  asm volatile("mov %0, sp" : "=r"(pointer));
  return pointer;
}

}  // namespace

const cortex_m::SystemVectors cortex_m::kSystemVectors __attribute__((section(".vectors.system"), used)) = {
    __stack_top,
    {
        reset_handler,
        fault_handler,  // NMI
        fault_handler,  // HardFault
        fault_handler,  // MemManage
        fault_handler,  // BusFault
        fault_handler,  // UsageFault
        nullptr,
        nullptr,
        nullptr,
        nullptr,
        fault_handler,  // SVCall
        fault_handler,  // DebugMonitor
        nullptr,
        fault_handler,  // PendSV
        system_timer_handler,
    },
};

extern "C" void reset_handler() {
  constexpr uint32_t kFullAccessToFpu = 0xFu << 20;
  cortex_m::scb().CPACR = cortex_m::scb().CPACR | kFullAccessToFpu;
  asm volatile("dsb\n isb" ::: "memory");
  cortex_m::scb().VTOR = reinterpret_cast<uintptr_t>(&cortex_m::kSystemVectors);

  for (uint32_t* word = __stack_bottom; word < stack_pointer(); ++word) {
    *word = kPaint;
  }
  const uint32_t* stored = __data_stored;
  for (uint32_t* word = __data_begin; word < __data_end; ++word) {
    *word = *stored++;
  }
  for (uint32_t* word = __bss_begin; word < __bss_end; ++word) {
    *word = 0;
  }
  for (const Constructor* constructor = __init_array_start; constructor < __init_array_end; ++constructor) {
    (*constructor)();
  }
  main();
  board::park();
}

namespace board {

uint32_t stack_size() { return static_cast<uint32_t>(__stack_top - __stack_bottom) * sizeof(uint32_t); }

uint32_t stack_used() {
  const uint32_t* word = __stack_bottom;
  while (word < __stack_top && *word == kPaint) {
    ++word;
  }
  return static_cast<uint32_t>(__stack_top - word) * sizeof(uint32_t);
}

}  // namespace board
