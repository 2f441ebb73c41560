#include "cores/riscv/core.h"

#include "cores/riscv/csr.h"
#include "runtime/board.h"

namespace riscv {

void sleep_forever() {
  board::disable_interrupts();
  silence_interrupts();
  for (;;) {
    asm volatile("wfi" ::: "memory");
  }
}

}  // namespace riscv

namespace board {

void disable_interrupts() { RISCV_CLEAR_CSR(mstatus, riscv::kInterruptsOpen); }

void enable_interrupts() { RISCV_SET_CSR(mstatus, riscv::kInterruptsOpen); }

}  // namespace board
