// The sensor that an application's signal comes from. A board has a folder `sensors` with a driver for each that it
// carries, and one of them is linked: LAB_SENSOR.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/board.h"

namespace sensor {

struct Settings {
  uint32_t rate_hz;  // frames a second that the application is given
  uint32_t range;    // the largest value, in the signal's unit; 1 for sound
  uint32_t bits;     // of a value; the highest stands for `range`
};

// Takes `count` frames, a value of each axis at a time. Called in an interrupt or from `service`, never both.
using Sink = void (*)(const int16_t* frames, size_t count);

class Driver {
 public:
  // Turns the sensor on. Returns what is wrong with it, or nullptr.
  virtual const char* start(const Settings& settings, Sink sink) = 0;
  virtual void stop() = 0;

  // Outside of interrupts: hands over what waits in the sensor. Has nothing to do where the hardware writes to memory.
  virtual void service() {}
  bool needs_service() const { return needs_service_; }

  // Since start: frames that nobody took in time, 0 where the hardware cannot tell; and what went wrong, or nullptr.
  virtual uint32_t lost_frames() const { return 0; }
  const char* failure() const { return failure_; }

 protected:
  ~Driver() = default;

  volatile bool needs_service_ = false;
  const char* failure_ = nullptr;
};

// The one that is linked.
extern Driver& driver;

// Sleeps until `ready` is true, which an interrupt of the sensor brings about.
template <class Ready>
void sleep_until(Ready ready) {
  for (;;) {
    driver.service();
    board::disable_interrupts();  // else the interrupt may come between the question and the sleep
    if (ready()) {
      break;
    }
    if (!driver.needs_service()) {
      board::wait_for_interrupt();
    }
    board::enable_interrupts();
  }
  board::enable_interrupts();
}

}  // namespace sensor
