// ESP32-C3 technical reference manual 1.1, chapters 8 (the matrix) and 1.6 (what of it is the core's).
#include "interrupts.h"

#include "board_map.h"

namespace {

using esp32c3::interrupt_matrix;

// The core's 31 are all alike. In Renode the first 12 have the meanings that RISC-V gives them.
constexpr unsigned kInterrupt = 17;
constexpr uint32_t kNone = 0;

}  // namespace

namespace esp32c3 {

void enable_interrupt(unsigned source, riscv::Handler handler) {
  constexpr uint32_t kLowestPriority = 1;
  riscv::set_handler(kInterrupt, handler);
  interrupt_matrix().MAP[source] = kInterrupt;
  interrupt_matrix().TYPE = interrupt_matrix().TYPE & ~(1u << kInterrupt);  // by its level
  interrupt_matrix().PRI[kInterrupt] = kLowestPriority;
  interrupt_matrix().THRESH = kLowestPriority;
  interrupt_matrix().ENABLE = interrupt_matrix().ENABLE | 1u << kInterrupt;
}

void disable_interrupt(unsigned source) {
  interrupt_matrix().ENABLE = interrupt_matrix().ENABLE & ~(1u << kInterrupt);
  interrupt_matrix().MAP[source] = kNone;
}

}  // namespace esp32c3

void riscv::silence_interrupts() { esp32c3::interrupt_matrix().ENABLE = 0; }
