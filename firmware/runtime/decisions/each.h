// The decision "each": every inference stands for itself, and nothing is reported besides it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/decisions/detection.h"
#include "runtime/decisions/label_scores.h"
#include "runtime/parameters.h"

namespace lab::each {

// Settings has kLabels.
template <class Settings>
class Decision : public LabelScores<Settings::kLabels> {
 public:
  explicit Decision(const Parameters&) {}

  bool decide(const int8_t (&)[Settings::kLabels], uint32_t, Detection&) { return false; }
};

}  // namespace lab::each
