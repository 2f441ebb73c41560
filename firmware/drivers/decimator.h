// Frames at the rate that an application wants, of a part that has only higher ones.
#pragma once

#include <cstdint>

namespace drivers {

// Of the frames 0, 1, 2, ... of the higher rate it takes the first at or after each tick of the lower one: for tick k
// the frame ceil(k * from / to), in whole numbers. `to` is not above `from`.
class Decimator {
 public:
  void start(uint32_t from, uint32_t to) {
    from_ = from;
    to_ = to;
    since_tick_ = 0;
  }

  // Whether the next frame is one of them. Frames that were lost are asked about as well.
  bool takes_next() {
    const bool takes = since_tick_ < to_;
    since_tick_ += to_;
    if (since_tick_ >= from_) {
      since_tick_ -= from_;
    }
    return takes;
  }

 private:
  uint32_t from_ = 1;
  uint32_t to_ = 1;
  uint32_t since_tick_ = 0;  // from the last tick to the next frame, in units of which there are from * to in a second
};

}  // namespace drivers
