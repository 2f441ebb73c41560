#include "board_map.h"
#include "cores/cortex_m/core.h"
#include "drivers/sensor_fifo.h"
#include "runtime/board.h"

namespace {

drivers::SensorFifoMicrophone microphone(stm32f746g::kMicrophoneBase);

}  // namespace

extern "C" void microphone_handler() { microphone.on_interrupt(); }

namespace board {

void start_microphone(SampleSink sink) {
  constexpr uint8_t kHighestPriority = 0;
  cortex_m::enable_interrupt(stm32f746g::kMicrophoneInterrupt, kHighestPriority);
  microphone.start(sink);
}

void stop_microphone() {
  cortex_m::disable_interrupt(stm32f746g::kMicrophoneInterrupt);
  microphone.stop();
}

uint32_t missed_buffers() { return microphone.missed(); }

}  // namespace board
