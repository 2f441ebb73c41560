// A signal cut into stretches of kFrames values, each of which begins kStep after the one before.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lab {

template <size_t kFrames, size_t kStep>
class StepBuffer {
 public:
  static_assert(kStep <= kFrames, "nothing is left out between two stretches");

  // Calls `on_stretch` with each stretch that these values complete.
  template <class OnStretch>
  void add(const int16_t* values, size_t count, OnStretch on_stretch) {
    while (count > 0) {
      const size_t taken = std::min(count, kFrames - filled_);
      std::copy_n(values, taken, values_ + filled_);
      values += taken;
      count -= taken;
      filled_ += taken;
      if (filled_ == kFrames) {
        on_stretch(static_cast<const int16_t*>(values_));
        std::copy(values_ + kStep, values_ + kFrames, values_);
        filled_ = kFrames - kStep;
      }
    }
  }

 private:
  int16_t values_[kFrames] = {};
  size_t filled_ = 0;
};

}  // namespace lab
