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

// A signal that goes on from call to call, and the features of what there was of it so far.
struct Course {
  workload::Features features;
  size_t stride;
  size_t steps = 0;
};

// Gives an input at every `stride` steps once there is a whole one. Null if the features refuse their settings.
LAB_EXPORTED Course* lab_features_begin(size_t stride) {
  auto* course = new Course{{}, stride};
  if (course->features.start()) {
    return course;
  }
  course->features.stop();
  delete course;
  return nullptr;
}

// The inputs that the next `count` frames give, of which whole steps are taken: `taken` is how many frames that is.
// `values` has room for an input for each step. Returns how many inputs there are.
LAB_EXPORTED size_t lab_features_add(Course* course, const int16_t* frames, size_t count, int8_t* values,
                                     size_t* taken) {
  using workload::Features;
  size_t made = 0;
  for (*taken = 0;; ++course->steps) {
    const size_t wanted = course->steps == 0 ? Features::kFirstFrames : Features::kStepFrames;
    if (*taken + wanted > count) {
      return made;
    }
    course->features.add(frames + *taken * workload::kChannels, wanted);
    *taken += wanted;
    const size_t steps = course->steps + 1;
    if (steps >= Features::kSteps && (steps - Features::kSteps) % course->stride == 0) {
      course->features.make(values + made++ * Features::kValues);
    }
  }
}

LAB_EXPORTED void lab_features_end(Course* course) {
  course->features.stop();
  delete course;
}
