// When the next inference is due: every so many steps of the signal.
#pragma once

#include <cstdint>

namespace lab {

class Stride {
 public:
  explicit Stride(uint32_t steps) : steps_(steps < 1 ? 1 : steps) {}

  uint32_t steps() const { return steps_; }

  // To be asked at every step, from the first on at which there is a whole input: that one is due.
  bool due() {
    const bool now = passed_ == 0;
    passed_ = passed_ + 1 == steps_ ? 0 : passed_ + 1;
    return now;
  }

 private:
  uint32_t steps_;
  uint32_t passed_ = 0;
};

}  // namespace lab
