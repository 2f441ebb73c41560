// The features of kind "mlperf-mfcc": cepstral coefficients of sound that is brought to one loudness, as MLPerf Tiny's
// keyword spotting has them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "runtime/features/last_rows.h"
#include "runtime/features/real.h"
#include "runtime/features/real_spectrum.h"
#include "runtime/features/step_buffer.h"
#include "runtime/features/weighted_sums.h"

namespace lab::mlperf_mfcc {

// Settings has kFrames (of a whole input), kWindow (of a row), kStep (from row to row), kRows, kPoints (of a
// transform), kPowers (of it that the bands need), kBands, kCoefficients, kStepsPerUnit and kZeroPoint (to int8), and
// the tables kHann, kCosines, kSines, kBandFirst, kBandCounts, kBandWeights and kCepstrum.
template <class Settings>
class Features {
 public:
  static constexpr size_t kRows = Settings::kRows;
  static constexpr size_t kValues = kRows * Settings::kCoefficients;
  static constexpr size_t kFrames = Settings::kFrames;
  static constexpr size_t kStepFrames = Settings::kStep;
  static constexpr size_t kFirstFrames = kFrames - (kRows - 1) * kStepFrames;
  static constexpr size_t kSteps = kRows;
  // Frames from one input to the next, at least.
  static constexpr size_t kApart = kStepFrames;
  static_assert(Settings::kWindow <= kFirstFrames && Settings::kWindow <= Settings::kPoints);

  bool start() { return true; }
  void stop() {}

  void add(const int16_t* frames, size_t count) {
    steps_.add(frames, count, [this](const int16_t* stretch) {
      add_row(stretch, bands_.next());
      add_peaks(stretch);
    });
  }

  // Whether the last step has completed an input.
  bool ready() const { return true; }

  // The loudest frame is 1. That is made up for in the bands: they are linear in the sound.
  void make(int8_t* values) const {
    int16_t loudest = 1;
    for (size_t stretch = 0; stretch < kStretches; ++stretch) {
      loudest = std::max(loudest, *peaks_.at(stretch));
    }
    const float gain = 1.0f / static_cast<float>(loudest);
    for (size_t row = 0; row < kRows; ++row) {
      make_row(bands_.at(row), gain, values + row * Settings::kCoefficients);
    }
  }

 private:
  // The loudest frame is looked for by stretches that inputs begin and end with.
  static constexpr size_t kStretch = std::gcd(kFirstFrames, kStepFrames);
  static constexpr size_t kStretches = kFrames / kStretch;

  void add_row(const int16_t* stretch, float* bands) {
    for (size_t point = 0; point < Settings::kPoints; ++point) {
      spectrum_.value(point) =
          point < Settings::kWindow ? static_cast<float>(stretch[point]) * Settings::kHann[point] : 0.0f;
    }
    spectrum_.powers(magnitudes_, Settings::kPowers, Settings::kCosines, Settings::kSines);
    for (float& magnitude : magnitudes_) {
      magnitude = std::sqrt(magnitude);
    }
    weighted_sums<Settings::kBands>(magnitudes_, Settings::kBandFirst, Settings::kBandCounts, Settings::kBandWeights,
                                    bands);
  }

  void add_peaks(const int16_t* stretch) {
    for (size_t frame = peaks_begun_ ? kFirstFrames - kStepFrames : 0; frame < kFirstFrames; frame += kStretch) {
      *peaks_.next() = *std::max_element(stretch + frame, stretch + frame + kStretch);
    }
    peaks_begun_ = true;
  }

  static void make_row(const float* bands, float gain, int8_t* values) {
    constexpr float kSilence = 1e-6f;
    float levels[Settings::kBands];
    for (size_t band = 0; band < Settings::kBands; ++band) {
      levels[band] = natural_logarithm(bands[band] * gain + kSilence);
    }
    float coefficients[Settings::kCoefficients];
    weighted_sums<Settings::kCoefficients, Settings::kBands>(levels, Settings::kCepstrum, coefficients);
    for (size_t one = 0; one < Settings::kCoefficients; ++one) {
      values[one] = cut_to_int8(coefficients[one] * Settings::kStepsPerUnit + Settings::kZeroPoint);
    }
  }

  StepBuffer<kFirstFrames, kStepFrames> steps_;
  RealSpectrum<Settings::kPoints> spectrum_;
  float magnitudes_[Settings::kPowers] = {};
  LastRows<float, kRows, Settings::kBands> bands_;
  LastRows<int16_t, kStretches, 1> peaks_;
  bool peaks_begun_ = false;
};

}  // namespace lab::mlperf_mfcc
