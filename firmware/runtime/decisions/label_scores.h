// The model's outputs as scores: one for each label, of which the highest is what an inference says.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lab {

template <size_t kLabels>
class LabelScores {
 public:
  using Score = int8_t;
  static constexpr size_t kScores = kLabels;
  static constexpr size_t kOutputs = kLabels;

  void score(const int8_t*, const int8_t* outputs, Score* scores) const { std::copy_n(outputs, kOutputs, scores); }
  size_t label(const Score* scores) const { return std::max_element(scores, scores + kScores) - scores; }
};

}  // namespace lab
