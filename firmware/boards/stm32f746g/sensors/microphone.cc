#include "board_map.h"
#include "cores/cortex_m/core.h"
#include "drivers/sensor_fifo.h"
#include "runtime/sensor.h"

namespace {

drivers::SensorFifoMicrophone microphone(stm32f746g::kMicrophoneBase);

}  // namespace

extern "C" void microphone_handler() { microphone.on_interrupt(); }

namespace sensor {

const char* start(const Settings& settings, Sink sink) {
  constexpr uint8_t kHighestPriority = 0;
  cortex_m::enable_interrupt(stm32f746g::kMicrophoneInterrupt, kHighestPriority);
  return microphone.start(settings, sink);
}

void stop() {
  cortex_m::disable_interrupt(stm32f746g::kMicrophoneInterrupt);
  microphone.stop();
}

void service() {}

bool needs_service() { return false; }

uint32_t lost_frames() { return microphone.lost_frames(); }

const char* failure() { return nullptr; }

}  // namespace sensor
