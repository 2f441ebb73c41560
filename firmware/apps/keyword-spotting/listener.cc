#include "listener.h"

#include <cstring>

#include "runtime/board.h"
#include "runtime/crc32.h"
#include "runtime/marks.h"
#include "runtime/sample_ring.h"
#include "runtime/start_error.h"

int16_t lab_samples[lab::kRingSamples];

namespace lab {
namespace {

static_assert(workload::kRateHz == 16000, "the boards' microphones deliver 16 kHz");
static_assert(kRingSamples % board::kBufferSamples == 0, "a buffer never wraps around the end of the ring");
static_assert(kRingSamples >= kHeardSamples + kStepSamples + board::kBufferSamples, "the ring holds a whole window");

constexpr int8_t kNoSound = -128;

SampleRing ring(lab_samples, kRingSamples, kHeardSamples);
volatile uint32_t buffers_heard = 0;
volatile uint32_t buffers_lost = 0;

void on_buffer(const int16_t* buffer) {
  buffers_heard = buffers_heard + 1;
  if (!ring.push(buffer, board::kBufferSamples)) {
    buffers_lost = buffers_lost + 1;
  }
}

}  // namespace

void Listener::start() {
  std::memset(window_, kNoSound, sizeof(window_));
  if (!features_.start(kFeatureConfig)) {
    stop_with_error("input", "The audio frontend refuses the workload's feature settings");
  }
}

void Listener::listen() { board::start_microphone(on_buffer); }

void Listener::next_step() {
  board::sleep_until([this] { return ring.available() >= next_step_samples_; });

  lab_mark(mark::kFeatureStepBegins);
  std::memmove(window_, window_ + workload::kChannels, sizeof(window_) - workload::kChannels);
  int8_t* newest = window_ + sizeof(window_) - workload::kChannels;
  bool complete = false;
  while (!complete) {
    SampleRing::Piece piece = ring.take(next_step_samples_);
    next_step_samples_ -= piece.count;
    complete = features_.next(piece.samples, piece.count, newest);
  }
  next_step_samples_ = kStepSamples;
  lab_mark(mark::kFeatureStepEnded);
}

void Listener::listen_until(size_t samples) {
  board::sleep_until([samples] { return buffers_heard * board::kBufferSamples >= samples; });
  board::stop_microphone();
}

uint32_t Listener::samples_crc() const {
  Crc32 crc;
  ring.look_back(kHeardSamples,
                 [&crc](SampleRing::Piece piece) { crc.add(piece.samples, piece.count * sizeof(int16_t)); });
  return crc.value();
}

size_t Listener::samples_waiting() const { return ring.available(); }

uint32_t Listener::buffers() const { return buffers_heard; }

uint32_t Listener::lost_samples() const { return (buffers_lost + board::missed_buffers()) * board::kBufferSamples; }

}  // namespace lab
