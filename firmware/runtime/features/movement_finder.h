// Where a movement begins and ends in a signal of accelerations, one frame at a time, in whole numbers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

// Settings has kChannels; kOn and kOff, the activity that begins a movement and that keeps it up; kHang, the quiet
// frames that end it; kBack and kTrim, by which its ends lie before the frames that tell them; kShortest and kLongest
// frames.
//
// With S the sum of a frame and the three before it, the activity of a frame is how far S has moved in eight frames,
// over all axes, summed over four frames.
template <class Settings>
class MovementFinder {
 public:
  static constexpr uint32_t kFirst = 14;  // before that frame there is no activity

  // The frames of a movement, counted from the first frame of the signal, both of them in it.
  struct Span {
    uint32_t start;
    uint32_t end;
  };

  // Takes the next frame. True if a movement has ended: it is then in `ended`.
  bool add(const int16_t* frame, Span& ended) {
    const uint32_t now = frames_++;
    moved_[now % kSmoothed] = smooth_and_compare(now, frame);
    if (now < kFirst) {
      return false;
    }
    int32_t activity = 0;
    for (const int32_t moved : moved_) {
      activity += moved;
    }
    return step(now, activity, ended);
  }

 private:
  static constexpr uint32_t kSmoothed = 4;
  static constexpr uint32_t kApart = 8;
  enum class State { kIdle, kActive, kTooLong };

  int32_t smooth_and_compare(uint32_t now, const int16_t* frame) {
    int32_t moved = 0;
    for (size_t channel = 0; channel < Settings::kChannels; ++channel) {
      newest_[now % kSmoothed][channel] = frame[channel];
      int32_t sum = 0;
      for (const auto& one : newest_) {
        sum += one[channel];
      }
      int32_t& place = sums_[now % (kApart + 1)][channel];
      place = sum;
      const int32_t before = sums_[(now + 1) % (kApart + 1)][channel];
      moved += sum > before ? sum - before : before - sum;
    }
    return moved;
  }

  bool step(uint32_t now, int32_t activity, Span& ended) {
    constexpr uint32_t kMost = Settings::kLongest + Settings::kHang + Settings::kTrim;
    if (state_ == State::kIdle) {
      if (activity >= Settings::kOn) {
        state_ = State::kActive;
        start_ = now < Settings::kBack ? 0 : now - Settings::kBack;
        last_ = now;
        quiet_ = 0;
      }
      return false;
    }
    if (state_ == State::kActive && now - start_ >= kMost) {
      state_ = State::kTooLong;
      quiet_ = 0;
    }
    if (activity >= Settings::kOff) {
      last_ = now;
      quiet_ = 0;
      return false;
    }
    if (++quiet_ < Settings::kHang) {
      return false;
    }
    const bool was_active = state_ == State::kActive;
    state_ = State::kIdle;
    ended = {start_, last_ - Settings::kTrim};
    const uint32_t length = ended.end - ended.start + 1;
    return was_active && length >= Settings::kShortest && length <= Settings::kLongest;
  }

  State state_ = State::kIdle;
  uint32_t frames_ = 0;
  uint32_t start_ = 0;
  uint32_t last_ = 0;
  uint32_t quiet_ = 0;
  int16_t newest_[kSmoothed][Settings::kChannels] = {};
  int32_t sums_[kApart + 1][Settings::kChannels] = {};
  int32_t moved_[kSmoothed] = {};
};

}  // namespace lab
