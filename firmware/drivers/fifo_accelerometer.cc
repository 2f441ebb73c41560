#include "drivers/fifo_accelerometer.h"

#include <algorithm>
#include <cstdarg>

#include "runtime/board.h"
#include "runtime/text_format.h"

namespace {

// What the parts have in common: registers, and the FIFO.
constexpr uint8_t kWhoAmI = 0x0F;
constexpr uint8_t kFirstOutput = 0x28;
constexpr uint8_t kFifoState = 0x2F;
constexpr uint8_t kOverrun = 1u << 6;
constexpr uint8_t kFramesWaiting = 0x3F;
constexpr uint32_t kLevels = 32;
constexpr size_t kAxes = 3;
constexpr size_t kFrameBytes = 2 * kAxes;
constexpr size_t kMostBytesATransfer = 30;  // the shortest FIFO of a board's bus has 32, and sends address and register

constexpr uint32_t kBits = 14;            // that every part has
constexpr uint32_t kStartUpMs = 50;       // after power-on: 20 for a LIS2DW12, unsaid for an LSM9DS1
constexpr uint32_t kWakeUpsASecond = 10;  // at least
constexpr uint32_t kSilentMs = 1000;      // ten frames or more, at the rates there are
constexpr int kReadsUntilReset = 100;

// A few hundred microseconds, before the part is asked again.
void pause() {
  for (int rounds = 0; rounds < 20'000; ++rounds) {
    asm volatile("");
  }
}

const char* say(const char* format, ...) {
  static char text[80];
  va_list arguments;
  va_start(arguments, format);
  lab::format_text(text, sizeof(text), format, arguments);
  va_end(arguments);
  return text;
}

}  // namespace

namespace drivers {

const char* FifoAccelerometer::start(const sensor::Settings& settings, sensor::Sink sink) {
  Configuration configuration = {};
  if (!choose_rate(settings.rate_hz, configuration)) {
    return say("The accelerometer takes at most %u frames a second", part_.rates_hz[part_.rates - 1]);
  }
  if (settings.range != 2 && settings.range != 4 && settings.range != 8 && settings.range != 16) {
    return "The accelerometer has the ranges 2, 4, 8 and 16 g";
  }
  if (settings.bits > kBits) {
    return "The accelerometer has values of at most 14 bits";
  }
  if (const char* wrong = identify()) {
    return wrong;
  }
  rate_hz_ = part_.rates_hz[configuration.rate];
  frames_a_wake_up_ = std::clamp<uint32_t>(rate_hz_ / kWakeUpsASecond, 1, kLevels / 2);
  configuration.range_g = settings.range;
  configuration.pass_hz = settings.rate_hz * 2 / 5;  // no filter ends abruptly at half the rate
  configuration.threshold = frames_a_wake_up_;
  unused_bits_ = 16 - settings.bits;
  decimator_.start(rate_hz_, settings.rate_hz);
  lost_frames_ = 0;
  failure_ = nullptr;
  needs_service_ = false;
  if (!configure(configuration)) {
    return "The accelerometer cannot be configured: a transfer failed";
  }
  heard_ms_ = board::milliseconds();
  sink_ = sink;
  return nullptr;
}

// One that no longer answers is as quiet as it can be made.
void FifoAccelerometer::stop() {
  sink_ = nullptr;
  needs_service_ = false;
  power_down();
}

void FifoAccelerometer::service() {
  if (sink_ == nullptr || failure_ != nullptr) {
    return;
  }
  const uint32_t now_ms = board::milliseconds();
  const uint32_t elapsed_ms = now_ms - heard_ms_;
  const bool silent = elapsed_ms > kSilentMs;
  if (!needs_service_ && !silent) {
    return;
  }
  needs_service_ = false;  // before the reading: what comes meanwhile wakes again

  uint8_t state = 0;
  if (!bus_.read(kFifoState, &state, 1)) {
    failure_ = "The accelerometer no longer answers";
    return;
  }
  const uint32_t waiting = std::min<uint32_t>(state & kFramesWaiting, kLevels);
  if (waiting == 0) {
    failure_ = silent ? "The accelerometer has taken no frame for a second" : nullptr;
    return;
  }
  if ((state & kOverrun) != 0) {
    note_lost(elapsed_ms);
  }
  heard_ms_ = now_ms;
  if (!take(waiting)) {
    failure_ = "The accelerometer no longer answers";
  }
  // As many may have come meanwhile, and an interrupt at their number comes once.
  if (waiting >= frames_a_wake_up_) {
    needs_service_ = true;
  }
}

const char* FifoAccelerometer::identify() {
  const uint32_t began_ms = board::milliseconds();
  uint8_t identity = 0;
  while (!bus_.read(kWhoAmI, &identity, 1)) {
    if (board::milliseconds() - began_ms > kStartUpMs) {
      return say("The accelerometer does not answer at address 0x%x", bus_.address);
    }
    pause();
  }
  if (identity != part_.identity) {
    return say("The accelerometer answers WHO_AM_I 0x%x, not 0x%x", identity, part_.identity);
  }
  return nullptr;
}

bool FifoAccelerometer::choose_rate(uint32_t wanted_hz, Configuration& configuration) {
  for (size_t i = 0; i < part_.rates; ++i) {
    if (part_.rates_hz[i] >= wanted_hz) {
      configuration.rate = i;
      return true;
    }
  }
  return false;
}

bool FifoAccelerometer::becomes_clear(uint8_t number, uint8_t bits) {
  uint8_t value = bits;
  for (int reads = 0; reads < kReadsUntilReset && (value & bits) != 0; ++reads) {
    if (!bus_.read(number, &value, 1)) {
      return false;
    }
  }
  return (value & bits) == 0;
}

// The oldest were overwritten. The part does not say how many; the clock does, to a frame.
void FifoAccelerometer::note_lost(uint32_t elapsed_ms) {
  const uint64_t came = (static_cast<uint64_t>(elapsed_ms) * rate_hz_ + 500) / 1000;
  const uint64_t lost = came > kLevels ? came - kLevels : 1;
  for (uint64_t i = 0; i < lost; ++i) {
    lost_frames_ += decimator_.takes_next() ? 1 : 0;
  }
}

bool FifoAccelerometer::take(size_t frames) {
  int16_t taken[kLevels * kAxes];
  size_t count = 0;
  while (frames > 0) {
    uint8_t bytes[kMostBytesATransfer];
    const size_t together = std::min(frames, part_.frames_a_transfer);
    if (!bus_.read(kFirstOutput, bytes, together * kFrameBytes)) {
      return false;
    }
    for (size_t frame = 0; frame < together; ++frame) {
      if (!decimator_.takes_next()) {
        continue;
      }
      for (size_t axis = 0; axis < kAxes; ++axis) {
        const uint8_t* value = bytes + frame * kFrameBytes + 2 * axis;
        taken[count * kAxes + axis] = static_cast<int16_t>(value[1] << 8 | value[0]) >> unused_bits_;
      }
      ++count;
    }
    frames -= together;
  }
  if (count > 0) {
    sink_(taken, count);
  }
  return true;
}

}  // namespace drivers
