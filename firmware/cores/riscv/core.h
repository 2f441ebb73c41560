// What boards with a RISC-V core share: traps and interrupts.
#pragma once

#include <cstdint>

namespace riscv {

using Handler = void (*)();

constexpr unsigned kInterrupts = 32;

// From now on interrupt `number` is taken by `handler`, once the board lets it through. One that nobody asked for is a
// fault.
void set_handler(unsigned number, Handler handler);

// Implemented by the board: no interrupt comes any more.
void silence_interrupts();

// Ends all work: only a reset brings the core back.
[[noreturn]] void sleep_forever();

}  // namespace riscv

extern "C" {
[[noreturn]] void reset_handler();

// One line about the exception that mcause names, and sleep. `return_address` is ra as it was.
[[noreturn]] void report_fault(uint32_t return_address);
}
