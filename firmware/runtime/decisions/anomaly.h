// The decision "anomaly": how far a signal is from everything that was normal, and a threshold on the mean of the last
// few inferences.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/decisions/detection.h"
#include "runtime/decisions/stride.h"
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
      : stride_(parameters.stride_steps),
        average_(std::clamp<uint32_t>(parameters.average_inferences, 1, kMostAveraged)),
        threshold_(static_cast<int32_t>(parameters.threshold)),
        refractory_ms_(parameters.refractory_ms) {}

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
  uint32_t stride_steps() const { return stride_.steps(); }
  bool due() { return stride_.due(); }

  bool decide(const Score (&scores)[kScores], uint32_t at_ms, Detection& detection) {
    history_[seen_ % average_] = scores[0];
    seen_ = seen_ + 1 == 2 * average_ ? average_ : seen_ + 1;
    if (seen_ < average_) {
      return false;
    }
    int64_t sum = 0;
    for (uint32_t i = 0; i < average_; ++i) {
      sum += history_[i];
    }
    const int32_t mean = static_cast<int32_t>(sum / average_);
    const bool quiet = detected_ && at_ms - last_ms_ < refractory_ms_;
    if (mean <= threshold_ || quiet) {
      return false;
    }
    detected_ = true;
    last_ms_ = at_ms;
    detection = {kAnomaly, static_cast<uint32_t>(mean)};
    return true;
  }

 private:
  Stride stride_;
  uint32_t average_;
  int32_t threshold_;
  uint32_t refractory_ms_;
  int32_t history_[kMostAveraged] = {};
  uint32_t seen_ = 0;
  bool detected_ = false;
  uint32_t last_ms_ = 0;
};

}  // namespace lab::anomaly
