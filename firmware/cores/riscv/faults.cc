// The last words of a firmware that crashed: one `fault` line, then sleep. docs/device-protocol.md says which register
// goes into which field.
#include "cores/riscv/core.h"
#include "cores/riscv/csr.h"
#include "runtime/board.h"
#include "runtime/json_line.h"
#include "runtime/recording.h"

namespace {

const char* name_of(uint32_t cause) {
  if (cause & riscv::kIsInterrupt) {
    return "UnexpectedInterrupt";
  }
  switch (cause) {
    case 0:
      return "InstructionMisaligned";
    case 1:
      return "InstructionAccessFault";
    case 2:
      return "IllegalInstruction";
    case 3:
      return "Breakpoint";
    case 4:
      return "LoadMisaligned";
    case 5:
      return "LoadAccessFault";
    case 6:
      return "StoreMisaligned";
    case 7:
      return "StoreAccessFault";
    case 8:
    case 11:
      return "EnvironmentCall";
    default:
      return "UnknownException";
  }
}

}  // namespace

extern "C" void report_fault(uint32_t return_address) {
  const uint32_t cause = RISCV_READ_CSR(mcause);
  const uint32_t value = RISCV_READ_CSR(mtval);
  board::recover_log();
  lab::JsonLine line("fault");
  line.text("kind", name_of(cause))
      .hex("pc", RISCV_READ_CSR(mepc))
      .hex("lr", return_address)
      .hex("psr", RISCV_READ_CSR(mstatus))
      .hex("cfsr", cause)
      .hex("hfsr", 0)
      .hex("mmfar", value)
      .hex("bfar", value);
  line.send();
  lab::recording::report_fault();
  board::park();
}
