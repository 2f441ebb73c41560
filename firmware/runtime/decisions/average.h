// The decision "average": the mean score of the last inferences, a threshold, and a time after a detection in which
// there is no other.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/decisions/detection.h"
#include "runtime/decisions/label_scores.h"
#include "runtime/decisions/refractory.h"
#include "runtime/decisions/score_history.h"
#include "runtime/parameters.h"

namespace lab::average {

// Settings has kLabels, and says of each label whether it is an event: kIsEvent[kLabels].
template <class Settings>
class Decision : public LabelScores<Settings::kLabels> {
 public:
  explicit Decision(const Parameters& parameters)
      : history_(parameters.average_inferences),
        threshold_(parameters.threshold),
        refractory_(parameters.refractory_ms) {}

  // True if the inference, with those before it, is an event: the label of the highest mean is one, and its mean, as
  // 0..255, reaches the threshold.
  bool decide(const int8_t (&scores)[Settings::kLabels], uint32_t at_ms, Detection& detection) {
    if (!history_.add(scores)) {
      return false;
    }
    detection = highest();
    return Settings::kIsEvent[detection.label] && detection.score >= threshold_ && refractory_.admits(at_ms);
  }

 private:
  Detection highest() const {
    Detection best = {0, 0};
    for (size_t label = 0; label < Settings::kLabels; ++label) {
      const uint32_t mean = rounded_mean(label);
      if (mean > best.score) {
        best = {label, mean};
      }
    }
    return best;
  }

  // Of the scores as 0..255.
  uint32_t rounded_mean(size_t label) const {
    const uint32_t inferences = history_.inferences();
    const uint32_t sum = static_cast<uint32_t>(history_.sum(label)) + 128 * inferences;
    return (sum + inferences / 2) / inferences;
  }

  ScoreHistory<int8_t, Settings::kLabels> history_;
  uint32_t threshold_;
  Refractory refractory_;
};

}  // namespace lab::average
