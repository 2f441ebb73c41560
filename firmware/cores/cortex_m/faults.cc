// The last words of a firmware that crashed: one `fault` line, then sleep.
#include <cstdint>

#include "cores/cortex_m/core.h"
#include "cores/cortex_m/registers.h"
#include "runtime/board.h"
#include "runtime/json_line.h"
#include "runtime/recording.h"

extern "C" {
extern uint32_t __ram_begin[], __ram_end[];
// A stack of its own: the cause may have been the end of the other one.
alignas(8) uint32_t fault_stack[512];
__attribute__((used)) void report_fault(const uint32_t* frame, uint32_t exception_return);
}

namespace {

// What the core pushes when it takes an exception.
struct Frame {
  uint32_t r0, r1, r2, r3, r12, lr, pc, psr;
};

const char* name_of(uint32_t exception) {
  switch (exception) {
    case 2:
      return "NMI";
    case 3:
      return "HardFault";
    case 4:
      return "MemManage";
    case 5:
      return "BusFault";
    case 6:
      return "UsageFault";
    case 11:
      return "SVCall";
    case 12:
      return "DebugMonitor";
    case 14:
      return "PendSV";
    default:
      return "UnexpectedInterrupt";
  }
}

bool in_ram(const uint32_t* frame) {
  return frame >= __ram_begin && frame + sizeof(Frame) / sizeof(uint32_t) <= __ram_end;
}

uint32_t current_exception() {
  uint32_t ipsr;
  asm volatile("mrs %0, ipsr" : "=r"(ipsr));
  return ipsr;
}

}  // namespace

// Bit 2 of EXC_RETURN says which stack holds the frame.
extern "C" __attribute__((naked)) void fault_handler() {
  asm volatile(
      "tst lr, #4\n"
      "ite eq\n"
      "mrseq r0, msp\n"
      "mrsne r0, psp\n"
      "mov r1, lr\n"
      "ldr r2, =fault_stack + 2048\n"
      "mov sp, r2\n"
      "b report_fault\n");
}

extern "C" void report_fault(const uint32_t* pushed, uint32_t exception_return) {
  const auto& scb = cortex_m::scb();
  const Frame unknown = {0, 0, 0, 0, 0, exception_return, 0, 0};
  const Frame& frame = in_ram(pushed) ? *reinterpret_cast<const Frame*>(pushed) : unknown;
  board::recover_log();
  lab::JsonLine line("fault");
  line.text("kind", name_of(current_exception()))
      .hex("pc", frame.pc)
      .hex("lr", frame.lr)
      .hex("psr", frame.psr)
      .hex("cfsr", scb.CFSR)
      .hex("hfsr", scb.HFSR)
      .hex("mmfar", scb.MMFAR)
      .hex("bfar", scb.BFAR);
  line.send();
  lab::recording::report_fault();
  board::park();
}
