// The decision "average": the mean score of the last inferences, a threshold, and a time after a detection in which
// there is no other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/decisions/detection.h"
#include "runtime/decisions/stride.h"
#include "runtime/parameters.h"

namespace lab {

struct DetectorSettings {
  uint32_t average;        // inferences, 1..8
  uint32_t threshold;      // of the averaged score, 0..255
  uint32_t refractory_ms;  // after a detection, in which there is no other
};

template <size_t kLabels>
class Detector {
 public:
  explicit Detector(const DetectorSettings& settings) : settings_(settings) {}

  // Takes the scores of an inference. True if a label reaches the threshold; there is no detection before as many
  // inferences as are averaged, and no label for which `is_word` is false is ever detected.
  template <class IsWord>
  bool hear(const int8_t (&scores)[kLabels], uint32_t at_ms, IsWord is_word, Detection& detection) {
    remember(scores);
    if (heard_ < settings_.average) {
      return false;
    }
    detection = loudest();
    const bool quiet = detected_ && at_ms - last_ms_ < settings_.refractory_ms;
    if (!is_word(detection.label) || detection.score < settings_.threshold || quiet) {
      return false;
    }
    detected_ = true;
    last_ms_ = at_ms;
    return true;
  }

 private:
  static constexpr uint32_t kMostAveraged = 8;

  void remember(const int8_t (&scores)[kLabels]) {
    for (size_t label = 0; label < kLabels; ++label) {
      history_[heard_ % settings_.average][label] = static_cast<uint8_t>(scores[label] + 128);
    }
    // Counts on within one round, so that it never wraps in the middle of one.
    heard_ = heard_ + 1 == 2 * settings_.average ? settings_.average : heard_ + 1;
  }

  Detection loudest() const {
    Detection best = {0, 0};
    for (size_t label = 0; label < kLabels; ++label) {
      uint32_t sum = 0;
      for (uint32_t i = 0; i < settings_.average; ++i) {
        sum += history_[i][label];
      }
      const uint32_t mean = (sum + settings_.average / 2) / settings_.average;
      if (mean > best.score) {
        best = {label, mean};
      }
    }
    return best;
  }

  DetectorSettings settings_;
  uint8_t history_[kMostAveraged][kLabels] = {};
  uint32_t heard_ = 0;
  bool detected_ = false;
  uint32_t last_ms_ = 0;
};

namespace average {

// Settings has kLabels, and says of each label whether it is an event: kIsEvent[kLabels].
template <class Settings>
class Decision {
 public:
  using Score = int8_t;
  static constexpr size_t kScores = Settings::kLabels;
  static constexpr size_t kOutputs = Settings::kLabels;

  explicit Decision(const Parameters& parameters)
      : stride_(parameters.stride_steps),
        detector_({std::clamp<uint32_t>(parameters.average_inferences, 1, kMostAveraged), parameters.threshold,
                   parameters.refractory_ms}) {}

  // The scores of an inference, from the model's input and its output.
  void score(const int8_t*, const int8_t* outputs, Score* scores) const { std::copy_n(outputs, kOutputs, scores); }

  // What a single inference says.
  size_t label(const Score* scores) const { return std::max_element(scores, scores + kScores) - scores; }

  uint32_t stride_steps() const { return stride_.steps(); }
  bool due() { return stride_.due(); }

  // True if the inference, with those before it, is an event.
  bool decide(const Score (&scores)[kScores], uint32_t at_ms, Detection& detection) {
    return detector_.hear(scores, at_ms, [](size_t label) { return Settings::kIsEvent[label]; }, detection);
  }

 private:
  Stride stride_;
  Detector<kScores> detector_;
};

}  // namespace average
}  // namespace lab
