// The flight recorder in an application of the lab: what it records, where it sends it, and when.
#include "runtime/recording.h"

#include <algorithm>
#include <iterator>

#include "decision_config.h"
#include "device_lab/src/flight_recorder.h"
#include "features_config.h"
#include "recorder_config.h"
#include "runtime/board.h"
#include "runtime/parameters.h"
#include "runtime/sensor.h"
#include "workload_config.h"

namespace lab::recording {
namespace {

using workload::Decision;
using workload::Features;

constexpr size_t kScores = Decision::kScores;
constexpr size_t kInferenceBytes = FR_INFERENCE_WORDS(kScores) * sizeof(int32_t);
constexpr size_t kFrameBytes = workload::kChannels * sizeof(int16_t);
constexpr size_t kFramesApart = std::max<size_t>(workload::kStrideSteps * Features::kStepFrames, Features::kApart);
// As many inferences as the ring has frames for, and a second for one of each that comes out of turn.
constexpr size_t kInferences =
    std::min<size_t>(recorder::kBytes / kFrameBytes / kFramesApart + 2, recorder::kBytes / 4 / kInferenceBytes);
constexpr size_t kFrames = (recorder::kBytes - kInferences * kInferenceBytes) / kFrameBytes;

static_assert(kScores <= FR_MOST_SCORES && workload::kChannels <= FR_MOST_CHANNELS, "the recorder has no room for it");
static_assert((1u << (workload::kBits - 1)) % workload::kRange == 0, "a unit is a whole number of steps");

fr_recorder flight_recorder;
fr_source source = {
    recorder::kSensor,
    recorder::kAxes,
    recorder::kUnit,
    recorder::kFirmware,
    workload::kRateHz * 1000,
    (1u << (workload::kBits - 1)) / workload::kRange,
    1,
    workload::kChannels,
    kScores,
    std::size(workload::kLabels),
    workload::kLabels,
};
int16_t frames[kFrames * workload::kChannels];
int32_t inferences[kInferences * FR_INFERENCE_WORDS(kScores)];
uint32_t lost_frames = 0;
bool unsure = false;
bool dumped_unsure = false;
uint64_t last_unsure = 0;
bool faulted = false;

void write(void*, const char* text, size_t size) { board::write_log(text, size); }

}  // namespace

void start(uint32_t stride_steps) {
  const size_t stride = std::max<size_t>(stride_steps, 1) * Features::kStepFrames;
  source.align_frames = stride <= kFrames / 2 ? stride : 1;
  fr_start(&flight_recorder, &source, frames, kFrames, inferences, kInferences, write, nullptr);
  board::start_receiving();
}

void hear(const int16_t* heard, size_t count) {
  const uint32_t lost = sensor::driver.lost_frames();
  if (lost != lost_frames) {
    fr_lost(&flight_recorder, lost - lost_frames);
    lost_frames = lost;
  }
  fr_frames(&flight_recorder, heard, count);
}

void attend() {
  for (int byte = board::received(); byte >= 0; byte = board::received()) {
    if (byte == FR_TRIGGER) {
      fr_dump(&flight_recorder, "asked for");
    }
  }
  if (unsure) {
    unsure = false;
    fr_dump(&flight_recorder, "low confidence");
  }
}

void report_fault() {
  if (!faulted) {  // a second fault is one of the dump
    faulted = true;
    fr_dump(&flight_recorder, "fault");
  }
}

bool are_sure(const int8_t* scores, size_t count) {
  return *std::max_element(scores, scores + count) + 128 >= recorder::kLowestConfidence;
}

uint64_t frames_heard() { return fr_heard(&flight_recorder); }

void keep(uint32_t number, uint64_t end, size_t label, bool detected, const int32_t* scores, bool sure) {
  fr_inference(&flight_recorder, end, number, label, detected, scores);
  // Not again before the ring holds something else: a dump takes seconds.
  if (!sure && (!dumped_unsure || end - last_unsure >= kFrames)) {
    unsure = dumped_unsure = true;
    last_unsure = end;
  }
}

}  // namespace lab::recording
