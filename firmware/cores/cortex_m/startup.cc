// The vectors of every Cortex-M, and the way from reset to main.
#include <cstdint>

#include "cores/cortex_m/core.h"
#include "cores/cortex_m/registers.h"
#include "cores/start_up.h"
#include "runtime/board.h"

namespace {

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

  cores::prepare_memory(stack_pointer());
  cores::build_objects();
  main();
  board::park();
}
