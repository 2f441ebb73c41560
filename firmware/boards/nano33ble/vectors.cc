// The nRF52840's 48 interrupts, behind the core's own vectors. An interrupt that nobody asked for is a fault.
#include "board_map.h"
#include "cores/cortex_m/core.h"

extern "C" void pdm_handler();

namespace {

struct InterruptVectors {
  cortex_m::Handler handlers[48];
};

constexpr InterruptVectors vectors() {
  InterruptVectors table = {};
  for (auto& handler : table.handlers) {
    handler = fault_handler;
  }
  table.handlers[nano33ble::kPdmInterrupt] = pdm_handler;
  return table;
}

}  // namespace

extern const InterruptVectors interrupt_vectors;
const InterruptVectors interrupt_vectors __attribute__((section(".vectors.interrupts"), used)) = vectors();
