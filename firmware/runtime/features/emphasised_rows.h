// What kinds of features have in common that are made of rows of sound, emphasised and transformed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/features/real_spectrum.h"
#include "runtime/features/step_buffer.h"

namespace lab {

// Settings has kWindow (frames of a row), kStep (from row to row), kRows, kPoints (of a transform), kPowers (of it that
// are needed), kPreEmphasis, kFullScale (which is 1), kPowerDivisor, and the tables kCosines and kSines.
template <class Settings>
class EmphasisedRows {
 public:
  static constexpr size_t kRows = Settings::kRows;
  static constexpr size_t kFirstFrames = Settings::kWindow;
  static constexpr size_t kStepFrames = Settings::kStep;
  static constexpr size_t kFrames = kFirstFrames + (kRows - 1) * kStepFrames;
  static constexpr size_t kSteps = kRows;
  // Frames from one input to the next, at least.
  static constexpr size_t kApart = kStepFrames;

  bool start() { return true; }
  void stop() {}

  // Whether the last step has completed an input.
  bool ready() const { return true; }

 protected:
  static float as_it_is(float value, size_t) { return value; }

  // Calls `on_row` with the powers, |X[k]|^2 / kPowerDivisor, of each row that these frames complete. `weigh` is given
  // a value and its place in the row.
  template <class Weigh, class OnRow>
  void add_rows(const int16_t* frames, size_t count, Weigh weigh, OnRow on_row) {
    steps_.add(frames, count, [this, weigh, on_row](const int16_t* row) {
      transform(row, weigh);
      on_row(static_cast<const float*>(powers_));
    });
  }

 private:
  // What is longer than a transform is cut off.
  template <class Weigh>
  void transform(const int16_t* row, Weigh weigh) {
    constexpr size_t kTaken = std::min<size_t>(Settings::kWindow, Settings::kPoints);
    for (size_t point = 0; point < Settings::kPoints; ++point) {
      spectrum_.value(point) = point < kTaken ? weigh(emphasised(row + point), point) : 0.0f;
    }
    spectrum_.powers(powers_, Settings::kPowers, Settings::kCosines, Settings::kSines);
    for (float& power : powers_) {
      power *= 1.0f / Settings::kPowerDivisor;
    }
  }

  static float emphasised(const int16_t* frame) {
    const float value = static_cast<float>(frame[0]) - Settings::kPreEmphasis * static_cast<float>(frame[-1]);
    return value * (1.0f / Settings::kFullScale);
  }

  StepBuffer<kFirstFrames, kStepFrames, 1> steps_;
  RealSpectrum<Settings::kPoints> spectrum_;
  float powers_[Settings::kPowers] = {};
};

}  // namespace lab
