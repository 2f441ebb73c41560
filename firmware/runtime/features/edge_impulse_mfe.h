// The features of kind "edge-impulse-mfe": how loud each mel band is in each row of sound, in decibels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "runtime/features/emphasised_rows.h"
#include "runtime/features/last_rows.h"
#include "runtime/features/real.h"
#include "runtime/features/weighted_sums.h"

namespace lab::edge_impulse_mfe {

// Settings has what EmphasisedRows asks for; kBands, kNoiseFloor and kLoudest (in decibels), kStepsPerUnit and
// kZeroPoint (to int8), and the tables kBandFirst, kBandCounts and kBandWeights.
template <class Settings>
class Features : public EmphasisedRows<Settings> {
 public:
  static constexpr size_t kRows = Settings::kRows;
  static constexpr size_t kBands = Settings::kBands;
  static constexpr size_t kValues = kRows * kBands;

  void add(const int16_t* frames, size_t count) {
    this->add_rows(frames, count, this->as_it_is, [this](const float* powers) { make_row(powers, rows_.next()); });
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

  // From 0 at the noise floor to 1, in steps of 1/256, of which the last is left out.
  static float level(float band) {
    constexpr float kOfNothing = 1e-10f;
    constexpr float kLeast = 1e-30f;
    constexpr float kDecibels = 4.3429448f;  // 10 / ln 10
    constexpr float kRange = Settings::kLoudest - Settings::kNoiseFloor;
    const float decibels = kDecibels * natural_logarithm(band == 0.0f ? kOfNothing : std::max(band, kLeast));
    const float share = (decibels - Settings::kNoiseFloor) / kRange;
    const auto step = static_cast<int32_t>(std::clamp(share, 0.0f, 1.0f) * 256.0f + 0.5f);
    return static_cast<float>(std::min<int32_t>(step, 255)) / 256.0f;
  }

  LastRows<int8_t, kRows, kBands> rows_;
};

}  // namespace lab::edge_impulse_mfe
