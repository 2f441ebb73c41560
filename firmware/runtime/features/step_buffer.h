// A signal cut into stretches of kFrames values, each of which begins kStep after the one before.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lab {

// With kBefore that many values before a stretch are kept too, at negative places; before the first one there are
// zeros.
template <size_t kFrames, size_t kStep, size_t kBefore = 0>
class StepBuffer {
 public:
  static_assert(kStep <= kFrames, "nothing is left out between two stretches");

  // Calls `on_stretch` with each stretch that these values complete.
  template <class OnStretch>
  void add(const int16_t* values, size_t count, OnStretch on_stretch) {
    while (count > 0) {
      const size_t taken = std::min(count, kAll - filled_);
      std::copy_n(values, taken, values_ + filled_);
      values += taken;
      count -= taken;
      filled_ += taken;
      if (filled_ == kAll) {
        on_stretch(static_cast<const int16_t*>(values_ + kBefore));
        std::copy(values_ + kStep, values_ + kAll, values_);
        filled_ = kAll - kStep;
      }
    }
  }

 private:
  static constexpr size_t kAll = kBefore + kFrames;

  int16_t values_[kAll] = {};
  size_t filled_ = kBefore;
};

}  // namespace lab
