// An accelerometer with a FIFO of 32 frames, as ST makes them, behind runtime/sensor.h. It takes frames by its own
// clock; an interrupt of the board says from time to time that some wait, and `service` reads them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/decimator.h"
#include "drivers/register_bus.h"
#include "runtime/sensor.h"

namespace drivers {

// A board derives from a part's class: it has the bus ready before `start`, and wakes the core from then on.
class FifoAccelerometer : public sensor::Driver {
 public:
  const char* start(const sensor::Settings& settings, sensor::Sink sink) override;
  void stop() override;
  void service() override;
  uint32_t lost_frames() const override { return lost_frames_; }

  // Of the board's interrupt: there may be frames.
  void wake() { needs_service_ = true; }

  // How often that has to come, once it is started.
  uint32_t wake_up_us() const { return frames_a_wake_up_ * 1'000'000 / rate_hz_; }

 protected:
  struct Part {
    uint8_t identity;          // WHO_AM_I
    const uint16_t* rates_hz;  // output data rates that can be set, the lowest first
    size_t rates;
    size_t frames_a_transfer;  // more than one where the address goes from the last output back to the first
  };

  struct Configuration {
    size_t rate;         // index in rates_hz
    uint32_t range_g;    // 2, 4, 8 or 16
    uint32_t pass_hz;    // what the anti-aliasing filter has to let pass
    uint32_t threshold;  // frames in the FIFO, for an interrupt
  };

  constexpr FifoAccelerometer(RegisterBus& bus, const Part& part) : bus_(bus), part_(part) {}
  ~FifoAccelerometer() = default;

  // Whether the register's `bits` are 0 soon: a part clears them at the end of its reset.
  bool becomes_clear(uint8_t number, uint8_t bits);

  RegisterBus& bus_;

 private:
  // From whatever was set before to continuous filling of the FIFO; the write that starts the part's clock comes last.
  // Both return false where the bus fails.
  virtual bool configure(const Configuration& configuration) = 0;
  virtual bool power_down() = 0;

  const char* identify();
  bool choose_rate(uint32_t wanted_hz, Configuration& configuration);
  void note_lost(uint32_t elapsed_ms);
  bool take(size_t frames);

  const Part& part_;
  sensor::Sink sink_ = nullptr;
  Decimator decimator_;
  uint32_t rate_hz_ = 1;  // the part's
  uint32_t frames_a_wake_up_ = 1;
  uint32_t unused_bits_ = 0;
  uint32_t heard_ms_ = 0;  // when frames were taken last
  uint32_t lost_frames_ = 0;
};

}  // namespace drivers
