// The STM32F746's interrupts, behind the core's own vectors. An interrupt that nobody asked for is a fault.
#include "board_map.h"
#include "cores/cortex_m/core.h"

// Of the sensor that is linked. These stand for the others.
extern "C" {
[[gnu::weak, gnu::naked]] void accelerometer_handler() { asm volatile("b fault_handler"); }
[[gnu::weak, gnu::naked]] void audio_stream_handler() { asm volatile("b fault_handler"); }
[[gnu::weak, gnu::naked]] void audio_overrun_handler() { asm volatile("b fault_handler"); }
}

namespace {

struct InterruptVectors {
  cortex_m::Handler handlers[stm32f746g::kInterrupts];
};

constexpr InterruptVectors vectors() {
  InterruptVectors table = {};
  for (auto& handler : table.handlers) {
    handler = fault_handler;
  }
  table.handlers[stm32f746g::kAccelerometerInterrupt] = accelerometer_handler;
  table.handlers[stm32f746g::kAudioStreamInterrupt] = audio_stream_handler;
  table.handlers[stm32f746g::kAudioOverrunInterrupt] = audio_overrun_handler;
  return table;
}

}  // namespace

extern const InterruptVectors interrupt_vectors;
const InterruptVectors interrupt_vectors __attribute__((section(".vectors.interrupts"), used)) = vectors();
