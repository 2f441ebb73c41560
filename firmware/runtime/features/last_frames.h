// The last frames of a signal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lab {

template <size_t kFrames, size_t kChannels>
class LastFrames {
 public:
  void add(const int16_t* frame) {
    std::copy_n(frame, kChannels, frames_[next_]);
    next_ = next_ + 1 == kFrames ? 0 : next_ + 1;
  }

  // A value of the frame that is `index` after the oldest of the kFrames; zero where there has been none yet.
  int32_t at(size_t index, size_t channel) const {
    const size_t place = next_ + index;
    return frames_[place < kFrames ? place : place - kFrames][channel];
  }

 private:
  int16_t frames_[kFrames][kChannels] = {};
  size_t next_ = 0;
};

}  // namespace lab
