// The scores of the last inferences, for a decision that goes by their mean.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/parameters.h"

namespace lab {

template <class Score, size_t kScores>
class ScoreHistory {
 public:
  explicit ScoreHistory(uint32_t inferences) : inferences_(std::clamp<uint32_t>(inferences, 1, kMostAveraged)) {}

  uint32_t inferences() const { return inferences_; }

  // False before there are as many inferences as are averaged.
  bool add(const Score (&scores)[kScores]) {
    std::copy_n(scores, kScores, history_[next_]);
    next_ = next_ + 1 == inferences_ ? 0 : next_ + 1;
    complete_ = complete_ || next_ == 0;
    return complete_;
  }

  int64_t sum(size_t score) const {
    int64_t sum = 0;
    for (uint32_t i = 0; i < inferences_; ++i) {
      sum += history_[i][score];
    }
    return sum;
  }

 private:
  uint32_t inferences_;
  Score history_[kMostAveraged][kScores] = {};
  uint32_t next_ = 0;
  bool complete_ = false;
};

}  // namespace lab
