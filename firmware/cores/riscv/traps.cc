// Exceptions and interrupts: the vector table, and who handles what.
#include "cores/riscv/core.h"
#include "cores/riscv/csr.h"

extern "C" {
// For exceptions a stack of its own: the cause may have been the end of the other one.
alignas(16) __attribute__((used)) uint8_t fault_stack[2048];
__attribute__((used, interrupt("machine"))) void handle_interrupt();
}

namespace {

riscv::Handler handlers[riscv::kInterrupts] = {};

}  // namespace

// Exceptions jump to the table's first entry, interrupt n to entry n. The table of the ESP32-C3 is always vectored and
// starts at a multiple of 256 (technical reference manual 1.1, chapter 1.5.2).
// An exception while one is reported ends in the second table: nothing more can be said.
asm(R"(
  .section .text.trap_vectors, "ax"
  .option push
  .option norvc
  .balign 256
  .global trap_vectors
  .type trap_vectors, @function
trap_vectors:
  j enter_exception
  .rept 31
  j handle_interrupt
  .endr
  .balign 256
last_vectors:
  j last_vectors
enter_exception:
  la t0, last_vectors
  ori t0, t0, 1
  csrw mtvec, t0
  mv a0, ra
  la sp, fault_stack + 2048
  j report_fault
  .option pop
  .text
)");

extern "C" void handle_interrupt() {
  const riscv::Handler handler = handlers[RISCV_READ_CSR(mcause) % riscv::kInterrupts];
  if (handler == nullptr) {
    report_fault(0);
  }
  handler();
}

namespace riscv {

void set_handler(unsigned number, Handler handler) { handlers[number] = handler; }

}  // namespace riscv
