// The features of kind "mlperf-lfbe": how loud each mel band is in each row of sound, as MLPerf Tiny's streaming wake
// word has it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/features/emphasised_bands.h"
#include "runtime/features/real.h"

namespace lab::mlperf_lfbe {

// Settings has what EmphasisedBands asks for, and the table kHamming.
template <class Settings>
class Features : public EmphasisedBands<Settings> {
 public:
  void add(const int16_t* frames, size_t count) {
    this->add_bands(
        frames, count, [](float value, size_t point) { return value * Settings::kHamming[point]; },
        [](float band) { return level(band); });
  }

 private:
  // From 0 at -52 dB to 1 at 12 dB.
  static float level(float band) {
    constexpr float kLeast = 1e-30f;
    constexpr float kDecibels = 4.3429448f;  // 10 / ln 10
    const float decibels = kDecibels * natural_logarithm(std::max(band, kLeast));
    return std::clamp((decibels + 52.0f) / 64.0f, 0.0f, 1.0f);
  }
};

}  // namespace lab::mlperf_lfbe
