// The lab's own sensor, which stands in for the microphone of a board whose own has no model in Renode: it writes the
// samples of a buffer to memory, at the rate that was asked for, and interrupts. Registers: docs/sensor-fifo.md.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/sensor.h"

namespace drivers {

struct SensorFifo {
  using Register = volatile uint32_t;

  Register CONTROL;
  Register RATE;
  Register POINTER;
  Register LENGTH;
  Register STATUS;
  Register OVERRUNS;
  Register BUFFERS;
  Register TIME_US;
};
static_assert(offsetof(SensorFifo, LENGTH) == 0x0C && offsetof(SensorFifo, TIME_US) == 0x1C);

// A microphone on such a sensor: two buffers in turns. The board opens the interrupt and passes it on.
class SensorFifoMicrophone : public sensor::Driver {
 public:
  explicit constexpr SensorFifoMicrophone(uintptr_t base) : base_(base) {}

  const char* start(const sensor::Settings& settings, sensor::Sink sink) override;
  void stop() override;
  void on_interrupt();

  uint32_t lost_frames() const override;  // of buffers that ended before the one before was taken

 protected:
  ~SensorFifoMicrophone() = default;

 private:
  SensorFifo& fifo() const { return *reinterpret_cast<SensorFifo*>(base_); }

  uintptr_t base_;
  sensor::Sink sink_ = nullptr;
  unsigned filling_ = 0;  // where samples go now; the other one is full or queued
};

}  // namespace drivers
