// What kinds of features have in common whose values are the levels of mel bands, in rows of emphasised sound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "runtime/features/emphasised_rows.h"
#include "runtime/features/last_rows.h"
#include "runtime/features/real.h"
#include "runtime/features/weighted_sums.h"

namespace lab {

// Settings has what EmphasisedRows asks for; kBands, kStepsPerUnit and kZeroPoint (to int8), and the tables kBandFirst,
// kBandCounts and kBandWeights.
template <class Settings>
class EmphasisedBands : public EmphasisedRows<Settings> {
 public:
  static constexpr size_t kRows = Settings::kRows;
  static constexpr size_t kBands = Settings::kBands;
  static constexpr size_t kValues = kRows * kBands;

  void make(int8_t* values) const {
    for (size_t row = 0; row < kRows; ++row) {
      std::memcpy(values + row * kBands, rows_.at(row), kBands);
    }
  }

 protected:
  // `weigh` is given a value and its place in the row, `level` the power of a band.
  template <class Weigh, class Level>
  void add_bands(const int16_t* frames, size_t count, Weigh weigh, Level level) {
    this->add_rows(frames, count, weigh, [this, level](const float* powers) { make_row(powers, level, rows_.next()); });
  }

 private:
  template <class Level>
  static void make_row(const float* powers, Level level, int8_t* row) {
    float bands[kBands];
    weighted_sums<kBands>(powers, Settings::kBandFirst, Settings::kBandCounts, Settings::kBandWeights, bands);
    for (size_t band = 0; band < kBands; ++band) {
      row[band] = nearest_int8(level(bands[band]) * Settings::kStepsPerUnit + Settings::kZeroPoint);
    }
  }

  LastRows<int8_t, kRows, kBands> rows_;
};

}  // namespace lab
