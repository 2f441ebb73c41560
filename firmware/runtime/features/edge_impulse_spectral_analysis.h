// The features of kind "edge-impulse-spectral-analysis": of each axis how strong and how its values are spread, how its
// powers are, and the power of each band.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/features/moments.h"
#include "runtime/features/real.h"
#include "runtime/features/real_spectrum.h"
#include "runtime/features/sliding_window.h"

namespace lab::edge_impulse_spectral_analysis {

// Settings has kChannels, kFrames (of the window), kUnit (what a step of the signal stands for), kSections (of the
// filter), kPoints (of a transform), kHop (from one transform to the next), kFirstBand, kBands, kLogarithm,
// kStepsPerUnit and kZeroPoint (to int8), and the tables kForward (three of a section), kBack (two of a section),
// kCosines and kSines.
template <class Settings>
class Features : public SlidingWindow<Settings::kFrames, Settings::kChannels> {
  using Window = SlidingWindow<Settings::kFrames, Settings::kChannels>;

 public:
  using Window::kChannels;
  using Window::kFrames;
  static constexpr size_t kStatistics = 5;
  static constexpr size_t kRowValues = kStatistics + Settings::kBands;
  static constexpr size_t kValues = kChannels * kRowValues;

  void make(int8_t* values) {
    for (size_t channel = 0; channel < kChannels; ++channel) {
      filter(channel);
      const float mean = arithmetic_mean(signal_, kFrames);
      for (float& value : signal_) {
        value -= mean;
      }
      find_powers();
      make_row(values + channel * kRowValues);
    }
  }

 private:
  static constexpr size_t kPowers = RealSpectrum<Settings::kPoints>::kPowers;

  // Biquads in direct form II, transposed, from rest.
  void filter(size_t channel) {
    for (size_t frame = 0; frame < kFrames; ++frame) {
      signal_[frame] = static_cast<float>(frames_.at(frame, channel)) * Settings::kUnit;
    }
    for (int32_t section = 0; section < Settings::kSections; ++section) {
      const float* forward = Settings::kForward + 3 * section;
      const float* back = Settings::kBack + 2 * section;
      float first = 0;
      float second = 0;
      for (float& value : signal_) {
        const float given = value;
        value = forward[0] * given + first;
        first = forward[1] * given - back[0] * value + second;
        second = forward[2] * given - back[1] * value;
      }
    }
  }

  // Of all transforms the largest power in each band. The last is filled up with zeros.
  void find_powers() {
    std::fill_n(powers_, kPowers, 0.0f);
    for (size_t start = 0; start < kFrames; start += Settings::kHop) {
      for (size_t point = 0; point < Settings::kPoints; ++point) {
        spectrum_.value(point) = start + point < kFrames ? signal_[start + point] : 0.0f;
      }
      spectrum_.powers(of_one_, kPowers, Settings::kCosines, Settings::kSines);
      for (size_t band = 0; band < kPowers; ++band) {
        powers_[band] = std::max(powers_[band], of_one_[band] * (1.0f / Settings::kPoints));
      }
    }
  }

  void make_row(int8_t* values) const {
    const Shape of_signal = shape_of(signal_, kFrames);
    const Shape of_powers = shape_of(powers_, kPowers);
    values[0] = in_steps(root_mean_square(signal_, kFrames));
    values[1] = in_steps(of_signal.skewness);
    values[2] = in_steps(of_signal.kurtosis);
    values[3] = in_steps(of_powers.skewness);
    values[4] = in_steps(of_powers.kurtosis);
    for (size_t band = 0; band < Settings::kBands; ++band) {
      const float power = powers_[Settings::kFirstBand + band];
      values[kStatistics + band] = in_steps(Settings::kLogarithm ? decimal_logarithm(power) : power);
    }
  }

  static float decimal_logarithm(float power) {
    constexpr float kOfNothing = 1e-10f;
    constexpr float kLeast = 1e-37f;
    constexpr float kOfE = 0.43429448f;
    return kOfE * natural_logarithm(power == 0.0f ? kOfNothing : std::max(power, kLeast));
  }

  static int8_t in_steps(float value) { return nearest_int8(value * Settings::kStepsPerUnit + Settings::kZeroPoint); }

  using Window::frames_;
  RealSpectrum<Settings::kPoints> spectrum_;
  float signal_[kFrames] = {};
  float of_one_[kPowers] = {};
  float powers_[kPowers] = {};
};

}  // namespace lab::edge_impulse_spectral_analysis
