// The features of kind "window": the last frames of a signal as they are, and, if asked for, without their mean.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/features/last_frames.h"
#include "runtime/features/rounding.h"

namespace lab::window {

// Settings has kChannels, kFrames, kShift, and kDetailShift, which is negative without details.
template <class Settings>
class Features {
 public:
  static constexpr bool kHasDetails = Settings::kDetailShift >= 0;
  static constexpr size_t kChannels = Settings::kChannels;
  static constexpr size_t kFrames = Settings::kFrames;
  static constexpr size_t kRowValues = kChannels * (kHasDetails ? 2 : 1);
  static constexpr size_t kValues = kFrames * kRowValues;
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

  // Rows of frames: each channel's value, then each channel's without its mean over the window.
  void make(int8_t* values) const {
    for (size_t channel = 0; channel < kChannels; ++channel) {
      int32_t sum = 0;
      for (size_t frame = 0; frame < kFrames; ++frame) {
        sum += frames_.at(frame, channel);
      }
      const int32_t mean = divided(sum, kFrames);
      for (size_t frame = 0; frame < kFrames; ++frame) {
        const int32_t value = frames_.at(frame, channel);
        int8_t* row = values + frame * kRowValues;
        row[channel] = to_int8(scaled_down(value, Settings::kShift));
        if (kHasDetails) {
          row[kChannels + channel] = to_int8(divided(value - mean, 1 << Settings::kDetailShift));
        }
      }
    }
  }

 private:
  LastFrames<kFrames, kChannels> frames_;
};

}  // namespace lab::window
