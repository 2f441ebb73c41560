// The decision "each": every inference stands for itself, and nothing is reported besides it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/decisions/detection.h"
#include "runtime/decisions/stride.h"
#include "runtime/parameters.h"

namespace lab::each {

// Settings has kLabels.
template <class Settings>
class Decision {
 public:
  using Score = int8_t;
  static constexpr size_t kScores = Settings::kLabels;
  static constexpr size_t kOutputs = Settings::kLabels;

  explicit Decision(const Parameters& parameters) : stride_(parameters.stride_steps) {}

  void score(const int8_t*, const int8_t* outputs, Score* scores) const { std::copy_n(outputs, kOutputs, scores); }
  size_t label(const Score* scores) const { return std::max_element(scores, scores + kScores) - scores; }
  uint32_t stride_steps() const { return stride_.steps(); }
  bool due() { return stride_.due(); }
  bool decide(const Score (&)[kScores], uint32_t, Detection&) { return false; }

 private:
  Stride stride_;
};

}  // namespace lab::each
