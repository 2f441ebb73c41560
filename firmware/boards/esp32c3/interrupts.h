// Interrupts of peripherals, through the matrix to the core.
#pragma once

#include "cores/riscv/core.h"

namespace esp32c3 {

// From now on the interrupt of a source is taken by `handler`. One source at a time has it.
void enable_interrupt(unsigned source, riscv::Handler handler);
void disable_interrupt(unsigned source);

}  // namespace esp32c3
