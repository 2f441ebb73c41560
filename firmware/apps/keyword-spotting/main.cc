// Keyword spotting: one decision a recording, or words picked out of a stream.
#include <algorithm>
#include <cstring>
#include <iterator>

#include "detector.h"
#include "listener.h"
#include "runtime/board.h"
#include "runtime/classifier.h"
#include "runtime/crc32.h"
#include "runtime/json_line.h"
#include "runtime/parameters.h"
#include "runtime/start_error.h"
#include "workload_config.h"

namespace {

constexpr size_t kLabelCount = std::size(workload::kLabels);

}  // namespace

extern "C" {
int8_t lab_features[lab::kFeatures];
int8_t lab_scores[kLabelCount];
}

namespace lab {
namespace {

Listener listener;
Classifier classifier;
uint32_t inferences = 0;
uint32_t late_inferences = 0;

bool is_word(size_t label) {
  return std::strcmp(workload::kLabels[label], "silence") != 0 && std::strcmp(workload::kLabels[label], "unknown") != 0;
}

void say_boot(bool one_clip) {
  JsonLine line("boot");
  line.number("protocol", 1)
      .text("target", workload::kTarget)
      .text("application", workload::kApplication)
      .text("mode", one_clip ? "clip" : "stream")
      .crc("model_crc", Network::model_crc())
      .number("arena_used", classifier.network().arena_used())
      .number("arena_size", classifier.network().arena_size());
  line.send();
}

void say_inference(uint32_t samples_crc, uint32_t cycles) {
  const size_t best = std::max_element(std::begin(lab_scores), std::end(lab_scores)) - std::begin(lab_scores);
  JsonLine line("inference");
  line.number("n", inferences)
      .number("time_ms", board::milliseconds())
      .text("label", workload::kLabels[best])
      .numbers("scores", lab_scores, kLabelCount)
      .crc("samples_crc", samples_crc)
      .crc("features_crc", crc32(lab_features, sizeof(lab_features)))
      .number("cycles", cycles);
  line.send();
}

void say_detection(size_t label, uint32_t score) {
  JsonLine line("detection");
  line.number("time_ms", board::milliseconds()).text("label", workload::kLabels[label]).number("score", score);
  line.send();
}

void say_statistics() {
  JsonLine line("statistics");
  line.number("time_ms", board::milliseconds())
      .number("buffers", listener.buffers())
      .number("lost_samples", listener.lost_samples())
      .number("late_inferences", late_inferences)
      .number("stack_used", board::stack_used())
      .number("stack_size", board::stack_size());
  line.send();
}

void infer(uint32_t samples_crc) {
  std::memcpy(lab_features, listener.window(), sizeof(lab_features));
  const uint32_t cycles = classifier.infer(lab_features, lab_scores);
  say_inference(samples_crc, cycles);
  ++inferences;
}

// One recording of `samples` samples from the first one on, one decision. Nothing else runs during the inference.
void hear_one_clip(size_t samples) {
  listener.listen();
  for (size_t step = 0; step < steps_in(kFeatureConfig, samples); ++step) {
    listener.next_step();
  }
  listener.listen_until(samples);
  infer(crc32(lab_samples, samples * sizeof(int16_t)));
  say_statistics();
}

[[noreturn]] void hear_words(uint32_t stride_steps, const DetectorSettings& settings) {
  Detector<kLabelCount> detector(settings);
  // Time by the sound heard, not by the clock: how long an inference took must not decide what is refractory.
  uint32_t heard_ms = 0;
  listener.listen();
  for (size_t step = 1; step < workload::kSteps; ++step) {
    listener.next_step();
  }
  for (;;) {
    listener.next_step();
    if (listener.samples_waiting() >= stride_steps * kStepSamples) {
      ++late_inferences;  // it is already time for the next one
    }
    infer(listener.samples_crc());
    Detector<kLabelCount>::Detection heard;
    if (detector.hear(lab_scores, heard_ms, is_word, heard)) {
      say_detection(heard.label, heard.score);
    }
    say_statistics();
    heard_ms += stride_steps * workload::kStepMs;
    for (uint32_t step = 1; step < stride_steps; ++step) {
      listener.next_step();
    }
  }
}

}  // namespace
}  // namespace lab

int main() {
  const lab::Parameters& parameters = lab::parameters();
  const bool one_clip = parameters.mode == lab::kClip;

  board::start();
  lab::listener.start();
  lab::classifier.start(lab::kFeatures, kLabelCount);
  if (one_clip && parameters.clip_samples > lab::kRingSamples) {
    lab::stop_with_error("input", "The clip is longer than the ring of samples");
  }
  lab::say_boot(one_clip);

  if (one_clip) {
    lab::hear_one_clip(parameters.clip_samples);
    board::park();
  }
  const lab::DetectorSettings settings = {
      std::clamp<uint32_t>(parameters.average_inferences, 1, lab::kMostAveraged),
      parameters.threshold,
      parameters.refractory_ms,
  };
  lab::hear_words(std::max<uint32_t>(parameters.stride_steps, 1), settings);
}
