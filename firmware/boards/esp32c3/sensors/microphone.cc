#include "board_map.h"
#include "cores/riscv/core.h"
#include "drivers/sensor_fifo.h"
#include "runtime/sensor.h"

namespace {

drivers::SensorFifoMicrophone microphone(esp32c3::kMicrophoneBase);

void on_interrupt() { microphone.on_interrupt(); }

}  // namespace

namespace sensor {

const char* start(const Settings& settings, Sink sink) {
  riscv::enable_interrupt(esp32c3::kMicrophoneInterrupt, on_interrupt);
  return microphone.start(settings, sink);
}

void stop() {
  riscv::disable_interrupt(esp32c3::kMicrophoneInterrupt);
  microphone.stop();
}

void service() {}

bool needs_service() { return false; }

uint32_t lost_frames() { return microphone.lost_frames(); }

const char* failure() { return nullptr; }

}  // namespace sensor
