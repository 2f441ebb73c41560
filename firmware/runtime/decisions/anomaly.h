// The decision "anomaly": how far a signal is from everything that was normal, and a threshold on the mean of the last
// few inferences.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/decisions/detection.h"
#include "runtime/decisions/refractory.h"
#include "runtime/decisions/score_history.h"
#include "runtime/parameters.h"

namespace lab::anomaly {

constexpr size_t kNormal = 0;
constexpr size_t kAnomaly = 1;

// Settings has kDirections and kStates, and of each state its kOffsets.
template <class Settings>
class Decision {
 public:
  using Score = int32_t;
  static constexpr size_t kScores = 1;
  static constexpr size_t kOutputs = Settings::kDirections * Settings::kStates;

  explicit Decision(const Parameters& parameters)
      : history_(parameters.average_inferences),
        threshold_(static_cast<int32_t>(parameters.threshold)),
        refractory_(parameters.refractory_ms) {}

  // The sum of squares of the state that is nearest, offsets added. 2^14 a value at most: 16,384 directions fit.
  void score(const int8_t*, const int8_t* outputs, Score* scores) const {
    int64_t nearest = INT64_MAX;
    for (size_t state = 0; state < Settings::kStates; ++state) {
      int32_t sum = 0;
      for (size_t direction = 0; direction < Settings::kDirections; ++direction) {
        const int32_t departure = outputs[state * Settings::kDirections + direction];
        sum += departure * departure;
      }
      if (int64_t{sum} + Settings::kOffsets[state] < nearest) {
        nearest = int64_t{sum} + Settings::kOffsets[state];
        scores[0] = sum;
      }
    }
  }

  size_t label(const Score* scores) const { return scores[0] > threshold_ ? kAnomaly : kNormal; }

  bool decide(const Score (&scores)[kScores], uint32_t at_ms, Detection& detection) {
    if (!history_.add(scores)) {
      return false;
    }
    const int32_t mean = static_cast<int32_t>(history_.sum(0) / history_.inferences());
    if (mean <= threshold_ || !refractory_.admits(at_ms)) {
      return false;
    }
    detection = {kAnomaly, static_cast<uint32_t>(mean)};
    return true;
  }

 private:
  ScoreHistory<Score, kScores> history_;
  int32_t threshold_;
  Refractory refractory_;
};

}  // namespace lab::anomaly
