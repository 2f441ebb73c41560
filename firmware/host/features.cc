// The C interface of liblab_features: the features that a workload is configured with, on this computer.
#include <cstddef>
#include <cstdint>

#include "features_config.h"

#define LAB_EXPORTED extern "C" __attribute__((visibility("default")))

// The model's input at the end of `count` frames, from a fresh start, for each of `signals` signals, one after the
// other. Returns false if the features refuse their settings.
LAB_EXPORTED bool lab_features(const int16_t* frames, size_t count, size_t signals, int8_t* values) {
  for (size_t signal = 0; signal < signals; ++signal) {
    workload::Features features;
    if (!features.start()) {
      features.stop();
      return false;
    }
    features.add(frames + signal * count * workload::kChannels, count);
    features.make(values + signal * workload::Features::kValues);
    features.stop();
  }
  return true;
}

// The model's inputs as a signal goes on, at every `stride` steps once there is a whole one: at most `most` of them.
// Returns how many there are, or -1 if the features refuse their settings.
LAB_EXPORTED int lab_features_in_turn(const int16_t* frames, size_t count, size_t stride, int8_t* values, size_t most) {
  using workload::Features;
  Features features;
  const bool started = features.start();
  size_t made = 0;
  size_t taken = 0;
  for (size_t step = 1; started && made < most; ++step) {
    const size_t wanted = step == 1 ? Features::kFirstFrames : Features::kStepFrames;
    if (taken + wanted > count) {
      break;
    }
    features.add(frames + taken * workload::kChannels, wanted);
    taken += wanted;
    if (step >= Features::kSteps && (step - Features::kSteps) % stride == 0) {
      features.make(values + made++ * Features::kValues);
    }
  }
  features.stop();
  return started ? static_cast<int>(made) : -1;
}
