// The features of kind "edge-impulse-mfcc": cepstral coefficients of sound, each normalised among its neighbours in
// time.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "runtime/features/emphasised_rows.h"
#include "runtime/features/last_rows.h"
#include "runtime/features/real.h"
#include "runtime/features/weighted_sums.h"

namespace lab::edge_impulse_mfcc {

// Settings has what EmphasisedRows asks for; kBands, kCoefficients, kNeighbours (rows that one is normalised among; 1
// for none), kStepsPerUnit and kZeroPoint (to int8), and the tables kBandFirst, kBandCounts, kBandWeights, kCepstrum
// and kMirrored (the rows beyond the first and the last, kNeighbours / 2 of each, are these rows again, mirrored).
template <class Settings>
class Features : public EmphasisedRows<Settings> {
 public:
  static constexpr size_t kRows = Settings::kRows;
  static constexpr size_t kCoefficients = Settings::kCoefficients;
  static constexpr size_t kValues = kRows * kCoefficients;

  void add(const int16_t* frames, size_t count) {
    this->add_rows(frames, count, this->as_it_is, [this](const float* powers) { make_row(powers, rows_.next()); });
  }

  void make(int8_t* values) const {
    for (size_t coefficient = 0; coefficient < kCoefficients; ++coefficient) {
      float over_time[kRows];
      for (size_t row = 0; row < kRows; ++row) {
        over_time[row] = rows_.at(row)[coefficient];
      }
      if constexpr (Settings::kNeighbours > 1) {
        normalise(over_time);
      }
      for (size_t row = 0; row < kRows; ++row) {
        values[row * kCoefficients + coefficient] =
            nearest_int8(over_time[row] * Settings::kStepsPerUnit + Settings::kZeroPoint);
      }
    }
  }

 private:
  static constexpr float kOfNothing = 1e-10f;

  static float level(float power) { return natural_logarithm(power == 0.0f ? kOfNothing : power); }

  // The first coefficient is that of the whole row's energy.
  static void make_row(const float* powers, float* row) {
    float energy = 0;
    for (int32_t k = 0; k < Settings::kPowers; ++k) {
      energy += powers[k];
    }
    float bands[Settings::kBands];
    weighted_sums<Settings::kBands>(powers, Settings::kBandFirst, Settings::kBandCounts, Settings::kBandWeights, bands);
    for (float& band : bands) {
      band = level(band);
    }
    row[0] = level(energy);
    weighted_sums<kCoefficients - 1, Settings::kBands>(bands, Settings::kCepstrum, row + 1);
  }

  static void normalise(float* over_time) {
    float centred[kRows];
    for (size_t row = 0; row < kRows; ++row) {
      centred[row] = -mean_above(row, over_time);
    }
    for (size_t row = 0; row < kRows; ++row) {
      const float mean = mean_above(row, centred);
      float squares = 0;
      for (size_t one = 0; one < Settings::kNeighbours; ++one) {
        const float apart = centred[Settings::kMirrored[row + one]] - centred[row] - mean;
        squares += apart * apart;
      }
      over_time[row] = centred[row] / (std::sqrt(squares / Settings::kNeighbours) + kOfNothing);
    }
  }

  // How far the mean of its neighbours is above a row: exactly 0 where all of them are alike.
  static float mean_above(size_t row, const float* of) {
    float sum = 0;
    for (size_t one = 0; one < Settings::kNeighbours; ++one) {
      sum += of[Settings::kMirrored[row + one]] - of[row];
    }
    return sum / Settings::kNeighbours;
  }

  LastRows<float, kRows, kCoefficients> rows_;
};

}  // namespace lab::edge_impulse_mfcc
