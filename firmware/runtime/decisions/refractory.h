// The time after a detection in which there is no other.
#pragma once

#include <cstdint>

namespace lab {

class Refractory {
 public:
  explicit Refractory(uint32_t ms) : ms_(ms) {}

  // Whether what is detected now is reported; if so, the time begins anew.
  bool admits(uint32_t at_ms) {
    if (detected_ && at_ms - last_ms_ < ms_) {
      return false;
    }
    detected_ = true;
    last_ms_ = at_ms;
    return true;
  }

 private:
  uint32_t ms_;
  bool detected_ = false;
  uint32_t last_ms_ = 0;
};

}  // namespace lab
