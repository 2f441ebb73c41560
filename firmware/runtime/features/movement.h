// The features of kind "movement": a movement that is found in the signal, brought to a fixed number of points in time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/features/last_frames.h"
#include "runtime/features/movement_finder.h"
#include "runtime/features/rounding.h"

namespace lab::movement {

// Settings has those of MovementFinder, kPoints and kShift.
template <class Settings>
class Features {
 public:
  static constexpr size_t kChannels = Settings::kChannels;
  static constexpr size_t kPoints = Settings::kPoints;
  static constexpr size_t kValues = kPoints * kChannels;
  static constexpr size_t kFrames = Settings::kLongest + Settings::kHang + Settings::kTrim;
  static constexpr size_t kFirstFrames = 1;
  static constexpr size_t kStepFrames = 1;
  static constexpr size_t kSteps = 1;
  // Frames from one input to the next, at least.
  static constexpr size_t kApart = Settings::kShortest + Settings::kHang;

  bool start() { return true; }
  void stop() {}

  void add(const int16_t* frames, size_t count) {
    for (size_t frame = 0; frame < count; ++frame) {
      add_one(frames + frame * kChannels);
    }
  }

  // Whether the last step has ended a movement.
  bool ready() const { return ready_; }

  // Rows of points: the longest movement that has ended since the last call; of none, the last frames.
  void make(int8_t* values) {
    if (longest_ == 0) {
      bring(0, kFrames - 1);
    }
    std::copy_n(values_, kValues, values);
    longest_ = 0;
  }

 private:
  using Finder = MovementFinder<Settings>;

  void add_one(const int16_t* frame) {
    frames_.add(frame);
    ++heard_;
    typename Finder::Span ended;
    ready_ = finder_.add(frame, ended);
    if (!ready_) {
      return;
    }
    const uint32_t oldest = heard_ - kFrames;  // may be before the first frame: differences are right all the same
    const uint32_t length = ended.end - ended.start + 1;
    if (length > longest_) {
      longest_ = length;
      bring(ended.start - oldest, ended.end - oldest);
    }
  }

  // The frames from `first` to `last` of those kept, by linear interpolation in 256ths of a frame.
  void bring(size_t first, size_t last) {
    const size_t length = last - first + 1;
    for (size_t point = 0; point < kPoints; ++point) {
      const size_t position = point * (length - 1) * 256 / (kPoints - 1);
      const size_t before = position / 256;
      const size_t after = std::min(before + 1, length - 1);
      const auto part = static_cast<int32_t>(position % 256);
      for (size_t channel = 0; channel < kChannels; ++channel) {
        const int32_t between =
            frames_.at(first + before, channel) * (256 - part) + frames_.at(first + after, channel) * part;
        values_[point * kChannels + channel] = to_int8(scaled_down(divided(between, 256), Settings::kShift));
      }
    }
  }

  LastFrames<kFrames, kChannels> frames_;
  Finder finder_;
  uint32_t heard_ = 0;
  uint32_t longest_ = 0;
  bool ready_ = false;
  int8_t values_[kValues] = {};
};

}  // namespace lab::movement
