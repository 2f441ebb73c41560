// A sensor's signal, features, a model, a decision: one decision a recording, or a decision again and again.
#include <algorithm>
#include <cstring>
#include <iterator>

#include "decision_config.h"
#include "listener.h"
#include "runtime/board.h"
#include "runtime/crc32.h"
#include "runtime/int8_model.h"
#include "runtime/json_line.h"
#include "runtime/parameters.h"
#include "runtime/recording.h"
#include "runtime/start_error.h"
#include "runtime/stride.h"
#include "workload_config.h"

namespace {

using workload::Decision;

}  // namespace

extern "C" {
int8_t lab_features[lab::Features::kValues];
Decision::Score lab_scores[Decision::kScores];
}

namespace lab {
namespace {

Listener listener;
Int8Model model;
int8_t outputs[Decision::kOutputs];
uint32_t inferences = 0;
uint32_t late_inferences = 0;

// A line takes a kilobyte of stack: no function that says one is made part of another.
[[gnu::noinline]] void say_boot(bool one_clip) {
  JsonLine line("boot");
  line.number("protocol", 1)
      .text("target", workload::kTarget)
      .text("application", workload::kApplication)
      .text("mode", one_clip ? "clip" : "stream")
      .crc("model_crc", Network::model_crc())
      .number("arena_used", model.network().arena_used())
      .number("arena_size", model.network().arena_size());
  line.send();
}

[[gnu::noinline]] void say_inference(const Decision& decision, uint32_t samples_crc, uint32_t cycles) {
  JsonLine line("inference");
  line.number("n", inferences)
      .number("time_ms", board::milliseconds())
      .text("label", workload::kLabels[decision.label(lab_scores)])
      .numbers("scores", lab_scores, Decision::kScores)
      .crc("samples_crc", samples_crc)
      .crc("features_crc", crc32(lab_features, sizeof(lab_features)))
      .number("cycles", cycles);
  line.send();
}

[[gnu::noinline]] void say_detection(const Detection& found) {
  JsonLine line("detection");
  line.number("time_ms", board::milliseconds())
      .text("label", workload::kLabels[found.label])
      .number("score", found.score);
  line.send();
}

[[gnu::noinline]] void say_statistics() {
  JsonLine line("statistics");
  line.number("time_ms", board::milliseconds())
      .number("buffers", listener.buffers())
      .number("lost_samples", listener.lost_frames())
      .number("late_inferences", late_inferences)
      .number("stack_used", board::stack_used())
      .number("stack_size", board::stack_size());
  line.send();
}

void infer(const Decision& decision, uint32_t samples_crc) {
  listener.make(lab_features);
  const uint32_t cycles = model.infer(lab_features, outputs);
  decision.score(lab_features, outputs, lab_scores);
  say_inference(decision, samples_crc, cycles);
  ++inferences;
}

// One recording of `frames` frames from the first one on, one decision. Nothing else runs during the inference.
void judge_one_clip(const Decision& decision, size_t frames) {
  listener.listen();
  for (size_t at = Features::kFirstFrames; at <= frames; at += Features::kStepFrames) {
    listener.next_step();
  }
  listener.listen_until(frames);
  infer(decision, crc32(lab_samples, frames * workload::kChannels * sizeof(int16_t)));
  say_statistics();
}

[[noreturn]] void judge_on_and_on(Decision& decision, Stride stride) {
  // Time by the signal, not by the clock: how long an inference took must not decide what comes soon after another.
  uint32_t elapsed_ms = 0;
  uint32_t rest = 0;  // in thousandths of a frame's time, less than a millisecond
  const size_t until_next = std::max<size_t>(stride.steps() * Features::kStepFrames, Features::kApart);
  recording::start(stride.steps());
  listener.listen();
  for (size_t step = 1;; ++step) {
    listener.next_step();
    recording::attend();
    rest += Features::kStepFrames * 1000;
    elapsed_ms += rest / workload::kRateHz;
    rest %= workload::kRateHz;
    if (step < Features::kSteps || !listener.ready() || !stride.due()) {
      continue;
    }
    if (listener.frames_waiting() >= until_next) {
      ++late_inferences;  // it is already time for the next one
    }
    infer(decision, listener.samples_crc());
    Detection found;
    const bool detected = decision.decide(lab_scores, elapsed_ms, found);
    if (detected) {
      say_detection(found);
    }
    recording::keep(inferences - 1, listener, decision, detected, lab_scores);
    say_statistics();
  }
}

}  // namespace
}  // namespace lab

int main() {
  const lab::Parameters& parameters = lab::parameters();
  const bool one_clip = parameters.mode == lab::kClip;

  board::start();
  lab::listener.start();
  lab::model.start(lab::Features::kValues, Decision::kOutputs);
  if (one_clip && parameters.clip_frames > lab::kRingFrames) {
    lab::stop_with_error("input", "The clip is longer than the ring of samples");
  }
  lab::say_boot(one_clip);

  static Decision decision(parameters);
  if (one_clip) {
    lab::judge_one_clip(decision, parameters.clip_frames);
    board::park();
  }
  lab::judge_on_and_on(decision, lab::Stride(parameters.stride_steps));
}
