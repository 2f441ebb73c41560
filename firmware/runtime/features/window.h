// The features of kind "window": the last frames of a signal as they are, and, if asked for, without their mean.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/features/rounding.h"
#include "runtime/features/sliding_window.h"

namespace lab::window {

// Settings has kChannels, kFrames, kShift, and kDetailShift, which is negative without details.
template <class Settings>
class Features : public SlidingWindow<Settings::kFrames, Settings::kChannels> {
  using Window = SlidingWindow<Settings::kFrames, Settings::kChannels>;

 public:
  using Window::kChannels;
  using Window::kFrames;
  static constexpr bool kHasDetails = Settings::kDetailShift >= 0;
  static constexpr size_t kRowValues = kChannels * (kHasDetails ? 2 : 1);
  static constexpr size_t kValues = kFrames * kRowValues;

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
  using Window::frames_;
};

}  // namespace lab::window
