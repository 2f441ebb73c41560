// What kinds of features have in common that are made of the last frames of a signal at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/features/last_frames.h"

namespace lab {

template <size_t kWindowFrames, size_t kFrameChannels>
class SlidingWindow {
 public:
  static constexpr size_t kChannels = kFrameChannels;
  static constexpr size_t kFrames = kWindowFrames;
  static constexpr size_t kFirstFrames = 1;
  static constexpr size_t kStepFrames = 1;
  static constexpr size_t kSteps = kFrames;
  // Frames from one input to the next, at least.
  static constexpr size_t kApart = kStepFrames;

  bool start() { return true; }
  void stop() {}

  void add(const int16_t* frames, size_t count) {
    for (size_t frame = 0; frame < count; ++frame) {
      frames_.add(frames + frame * kChannels);
    }
  }

  // Whether the last step has completed an input.
  bool ready() const { return true; }

 protected:
  LastFrames<kFrames, kChannels> frames_;
};

}  // namespace lab
