#include "listener.h"

#include "runtime/crc32.h"
#include "runtime/frame_ring.h"
#include "runtime/marks.h"
#include "runtime/recording.h"
#include "runtime/sensor.h"
#include "runtime/start_error.h"

int16_t lab_samples[lab::kRingFrames * workload::kChannels];

namespace lab {
namespace {

using Ring = FrameRing<workload::kChannels>;

static_assert(workload::kClipFrames >= Features::kFrames, "a recording has the frames of a whole input");

Ring ring(lab_samples, kRingFrames, Features::kFrames);
volatile uint32_t frames_heard = 0;
volatile uint32_t frames_lost = 0;
volatile uint32_t buffers_heard = 0;

void on_buffer(const int16_t* frames, size_t count) {
  buffers_heard = buffers_heard + 1;
  frames_heard = frames_heard + count;
  recording::hear(frames, count);
  if (!ring.push(frames, count)) {
    frames_lost = frames_lost + count;
  }
}

}  // namespace

void Listener::start() {
  if (!features_.start()) {
    stop_with_error("input", "The features refuse the workload's settings");
  }
}

void Listener::listen() {
  const char* wrong = sensor::driver.start({workload::kRateHz, workload::kRange, workload::kBits}, on_buffer);
  if (wrong != nullptr) {
    stop_with_error("sensor", wrong);
  }
}

void Listener::next_step() {
  sensor::sleep_until([this] { return sensor::driver.failure() != nullptr || ring.available() >= next_step_frames_; });
  check_sensor();

  lab_mark(mark::kFeatureStepBegins);
  for (size_t left = next_step_frames_; left > 0;) {
    const Ring::Piece piece = ring.take(left);
    features_.add(piece.frames, piece.count);
    left -= piece.count;
  }
  next_step_frames_ = Features::kStepFrames;
  lab_mark(mark::kFeatureStepEnded);
}

void Listener::listen_until(size_t frames) {
  sensor::sleep_until([frames] { return sensor::driver.failure() != nullptr || frames_heard >= frames; });
  sensor::driver.stop();
  check_sensor();
}

void Listener::make(int8_t* values) {
  lab_mark(mark::kFeatureStepBegins);
  features_.make(values);
  lab_mark(mark::kFeatureStepEnded);
}

uint32_t Listener::samples_crc() const {
  Crc32 crc;
  ring.look_back(Features::kFrames, [&crc](Ring::Piece piece) {
    crc.add(piece.frames, piece.count * workload::kChannels * sizeof(int16_t));
  });
  return crc.value();
}

size_t Listener::frames_waiting() const { return ring.available(); }

uint32_t Listener::buffers() const { return buffers_heard; }

uint32_t Listener::lost_frames() const { return frames_lost + sensor::driver.lost_frames(); }

void Listener::check_sensor() const {
  if (sensor::driver.failure() != nullptr) {
    stop_with_error("sensor", sensor::driver.failure());
  }
}

}  // namespace lab
