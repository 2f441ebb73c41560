#include "board_map.h"
#include "cores/cortex_m/core.h"
#include "drivers/sensor_fifo.h"
#include "runtime/sensor.h"

namespace {

class Microphone final : public drivers::SensorFifoMicrophone {
 public:
  constexpr Microphone() : SensorFifoMicrophone(stm32f746g::kMicrophoneBase) {}

  const char* start(const sensor::Settings& settings, sensor::Sink sink) override {
    constexpr uint8_t kHighestPriority = 0;
    cortex_m::enable_interrupt(stm32f746g::kMicrophoneInterrupt, kHighestPriority);
    return SensorFifoMicrophone::start(settings, sink);
  }

  void stop() override {
    cortex_m::disable_interrupt(stm32f746g::kMicrophoneInterrupt);
    SensorFifoMicrophone::stop();
  }
};

Microphone microphone;

}  // namespace

extern "C" void microphone_handler() { microphone.on_interrupt(); }

sensor::Driver& sensor::driver = microphone;
