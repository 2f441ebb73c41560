// The nRF52's interrupts, behind the core's own vectors. An interrupt that nobody asked for is a fault.
#include "cores/cortex_m/core.h"
#include "families/nrf52/chip.h"

// Of the sensor that is linked. These stand for the others.
extern "C" {
[[gnu::weak, gnu::naked]] void rtc_handler() { asm volatile("b fault_handler"); }
[[gnu::weak, gnu::naked]] void pdm_handler() { asm volatile("b fault_handler"); }
}

namespace {

struct InterruptVectors {
  cortex_m::Handler handlers[nrf52::kInterrupts];
};

constexpr InterruptVectors vectors() {
  InterruptVectors table = {};
  for (auto& handler : table.handlers) {
    handler = fault_handler;
  }
  table.handlers[nrf52::kRtcInterrupt] = rtc_handler;
  table.handlers[nrf52::kPdmInterrupt] = pdm_handler;
  return table;
}

}  // namespace

extern const InterruptVectors interrupt_vectors;
const InterruptVectors interrupt_vectors __attribute__((section(".vectors.interrupts"), used)) = vectors();
