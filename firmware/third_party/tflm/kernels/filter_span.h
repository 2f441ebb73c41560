// Which taps of a filter lie inside the image, along one axis.
#pragma once

#include <algorithm>

namespace lab {

class FilterSpan {
 public:
  // Tap 0 lies at `origin`, which may be outside, the others follow at `dilation`.
  FilterSpan(int origin, int dilation, int taps, int image)
      : begin(origin >= 0 ? 0 : (-origin + dilation - 1) / dilation),
        end(std::min(taps, (image - origin + dilation - 1) / dilation)),
        origin_(origin),
        dilation_(dilation) {}

  int at(int tap) const { return origin_ + tap * dilation_; }

  const int begin;
  const int end;  // may be below `begin`, if no tap is inside

 private:
  const int origin_;
  const int dilation_;
};

}  // namespace lab
