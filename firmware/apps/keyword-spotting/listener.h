// The ear: microphone samples to a window of features.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/audio_features.h"
#include "workload_config.h"

namespace lab {

constexpr FeatureConfig kFeatureConfig = {
    workload::kRateHz,   workload::kWindowMs, workload::kStepMs,
    workload::kChannels, workload::kLowerHz,  workload::kUpperHz,
};
constexpr size_t kWindowSamples = static_cast<size_t>(workload::kRateHz) * workload::kWindowMs / 1000;
constexpr size_t kStepSamples = static_cast<size_t>(workload::kRateHz) * workload::kStepMs / 1000;
// What a full window of features was made of.
constexpr size_t kHeardSamples = kWindowSamples + (workload::kSteps - 1) * kStepSamples;
constexpr size_t kFeatures = workload::kSteps * workload::kChannels;

// The ring holds twice a clip: as much as is made into features again while an inference runs.
constexpr size_t kRingSamples = 2 * workload::kClipSamples;

class Listener {
 public:
  // Builds the frontend. Does not return if it refuses the workload's settings.
  void start();

  // Turns the microphone on.
  void listen();

  // Sleeps until the next feature step has its samples, then makes it: the window moves on by one.
  void next_step();

  // Sleeps until the microphone has delivered `samples`, then turns it off.
  void listen_until(size_t samples);

  const int8_t* window() const { return window_; }

  // CRC of the samples that the window was made from.
  uint32_t samples_crc() const;

  size_t samples_waiting() const;
  uint32_t buffers() const;
  uint32_t lost_samples() const;

 private:
  AudioFeatures features_;
  int8_t window_[kFeatures] = {};
  size_t next_step_samples_ = kWindowSamples;
};

}  // namespace lab

// The ring's storage: in clip mode the whole recording, from its first element.
extern "C" int16_t lab_samples[lab::kRingSamples];
