// The features of kind "mlperf-lfbe": how loud each mel band is in each row of sound, as MLPerf Tiny's streaming wake
// word has it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "runtime/features/emphasised_rows.h"
#include "runtime/features/last_rows.h"
#include "runtime/features/real.h"
#include "runtime/features/weighted_sums.h"

namespace lab::mlperf_lfbe {

// Settings has what EmphasisedRows asks for; kBands, kStepsPerUnit and kZeroPoint (to int8), and the tables kHamming,
// kBandFirst, kBandCounts and kBandWeights.
template <class Settings>
class Features : public EmphasisedRows<Settings> {
 public:
  static constexpr size_t kRows = Settings::kRows;
  static constexpr size_t kBands = Settings::kBands;
  static constexpr size_t kValues = kRows * kBands;

  void add(const int16_t* frames, size_t count) {
    this->add_rows(
        frames, count, [](float value, size_t point) { return value * Settings::kHamming[point]; },
        [this](const float* powers) { make_row(powers, rows_.next()); });
  }

  void make(int8_t* values) const {
    for (size_t row = 0; row < kRows; ++row) {
      std::memcpy(values + row * kBands, rows_.at(row), kBands);
    }
  }

 private:
  static void make_row(const float* powers, int8_t* row) {
    float bands[kBands];
    weighted_sums<kBands>(powers, Settings::kBandFirst, Settings::kBandCounts, Settings::kBandWeights, bands);
    for (size_t band = 0; band < kBands; ++band) {
      row[band] = nearest_int8(level(bands[band]) * Settings::kStepsPerUnit + Settings::kZeroPoint);
    }
  }

  // From 0 at -52 dB to 1 at 12 dB.
  static float level(float band) {
    constexpr float kLeast = 1e-30f;
    constexpr float kDecibels = 4.3429448f;  // 10 / ln 10
    const float decibels = kDecibels * natural_logarithm(std::max(band, kLeast));
    return std::clamp((decibels + 52.0f) / 64.0f, 0.0f, 1.0f);
  }

  LastRows<int8_t, kRows, kBands> rows_;
};

}  // namespace lab::mlperf_lfbe
