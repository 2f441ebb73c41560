// From reset to main.
#include <cstdint>

#include "cores/riscv/core.h"
#include "cores/start_up.h"
#include "runtime/board.h"

extern "C" {
__attribute__((used, noreturn)) void start_program();
void trap_vectors();
}

namespace {

__attribute__((always_inline)) inline uint32_t* stack_pointer() {
  uint32_t* pointer;
  asm volatile("mv %0, sp" : "=r"(pointer));
  return pointer;
}

}  // namespace

// gp is what the linker relaxes addresses of variables to, tp where the C library keeps errno.
extern "C" __attribute__((naked, section(".text.reset"))) void reset_handler() {
  asm volatile(
      "csrci mstatus, 8\n"
      ".option push\n"
      ".option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la tp, __tls_begin\n"
      "la sp, __stack_top\n"
      "j start_program\n");
}

extern "C" void start_program() {
  constexpr uintptr_t kVectored = 1;
  asm volatile("csrw mtvec, %0" ::"r"(reinterpret_cast<uintptr_t>(trap_vectors) | kVectored));
  cores::prepare_memory(stack_pointer());
  cores::build_objects();
  main();
  board::park();
}
