// The microphone, and the clock: the platform has none of the chip's timers, and the core's counter stands still while
// it sleeps, but the sensor says when a buffer ended.
#include "board_map.h"
#include "cores/riscv/core.h"
#include "drivers/sensor_fifo.h"
#include "runtime/sensor.h"

namespace {

drivers::SensorFifoMicrophone microphone(esp32c3::kMicrophoneBase);
volatile uint32_t cycles_at_last_buffer = 0;

void on_interrupt() {
  cycles_at_last_buffer = board::cycles();
  microphone.on_interrupt();
}

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

namespace board {

// Up to 20 ms late after a sleep, until the next buffer.
uint32_t milliseconds() {
  constexpr uint32_t kCyclesPerMs = esp32c3::kClockHz / 1000;
  uint32_t last;
  uint32_t since;
  do {  // again if a buffer ended between the two readings
    last = cycles_at_last_buffer;
    since = cycles() - last;
  } while (last != cycles_at_last_buffer);
  return microphone.time_us() / 1000 + since / kCyclesPerMs;
}

}  // namespace board
