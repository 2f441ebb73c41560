// The features of kind "edge-impulse-raw": the frames of the window, in any scale.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/features/real.h"
#include "runtime/features/sliding_window.h"

namespace lab::edge_impulse_raw {

// Settings has kChannels, kFrames, kStepsPerStep (of int8 to one of the signal) and kZeroPoint.
template <class Settings>
class Features : public SlidingWindow<Settings::kFrames, Settings::kChannels> {
  using Window = SlidingWindow<Settings::kFrames, Settings::kChannels>;

 public:
  using Window::kChannels;
  using Window::kFrames;
  static constexpr size_t kValues = kFrames * kChannels;

  void make(int8_t* values) const {
    for (size_t frame = 0; frame < kFrames; ++frame) {
      for (size_t channel = 0; channel < kChannels; ++channel) {
        const auto value = static_cast<float>(frames_.at(frame, channel));
        *values++ = nearest_int8(value * Settings::kStepsPerStep + Settings::kZeroPoint);
      }
    }
  }

 private:
  using Window::frames_;
};

}  // namespace lab::edge_impulse_raw
