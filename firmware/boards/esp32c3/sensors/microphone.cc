#include "board_map.h"
#include "cores/riscv/core.h"
#include "drivers/sensor_fifo.h"
#include "runtime/sensor.h"

namespace {

void on_buffer();

class Microphone final : public drivers::SensorFifoMicrophone {
 public:
  constexpr Microphone() : SensorFifoMicrophone(esp32c3::kMicrophoneBase) {}

  const char* start(const sensor::Settings& settings, sensor::Sink sink) override {
    riscv::enable_interrupt(esp32c3::kMicrophoneInterrupt, on_buffer);
    return SensorFifoMicrophone::start(settings, sink);
  }

  void stop() override {
    riscv::disable_interrupt(esp32c3::kMicrophoneInterrupt);
    SensorFifoMicrophone::stop();
  }
};

Microphone microphone;

void on_buffer() { microphone.on_interrupt(); }

}  // namespace

sensor::Driver& sensor::driver = microphone;
