// The features of kind "spectrum": how much power each band of each axis has, as a logarithm, over a window of signal.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/features/fourier.h"
#include "runtime/features/rounding.h"
#include "runtime/features/sliding_window.h"

namespace lab::spectrum {

// Settings has kChannels, kFrames (of the window), kPoints (of a transform), kHop (from one transform to the next),
// kBands (from the lowest on, a point each), kFloor and kShift (from the logarithm to int8), and the tables kHann,
// kCosines, kSines and kLog2.
template <class Settings>
class Features : public SlidingWindow<Settings::kFrames, Settings::kChannels> {
  using Window = SlidingWindow<Settings::kFrames, Settings::kChannels>;

 public:
  using Window::kChannels;
  using Window::kFrames;
  static constexpr size_t kPoints = Settings::kPoints;
  static constexpr size_t kBands = Settings::kBands;
  static constexpr size_t kValues = kChannels * kBands;
  static_assert(kPoints <= kFrames && kBands <= kPoints / 2);

  // For each axis its bands. The window's mean is removed first: how the sensor is mounted must not matter.
  void make(int8_t* values) const {
    for (size_t channel = 0; channel < kChannels; ++channel) {
      uint64_t power[kBands] = {};
      size_t transforms = 0;
      const int32_t mean = mean_from(0, kFrames, channel, 0);
      for (size_t start = 0; start + kPoints <= kFrames; start += Settings::kHop) {
        add_power(start, channel, mean, power);
        ++transforms;
      }
      for (size_t band = 0; band < kBands; ++band) {
        const int32_t level = log2_in_256ths(power[band] / transforms, Settings::kLog2) - (Settings::kFloor << 8);
        values[channel * kBands + band] = to_int8(scaled_down(level, Settings::kShift) - 128);
      }
    }
  }

 private:
  int32_t mean_from(size_t start, size_t count, size_t channel, int32_t less) const {
    int32_t sum = 0;
    for (size_t frame = start; frame < start + count; ++frame) {
      sum += frames_.at(frame, channel) - less;
    }
    return mean_of(sum, static_cast<int32_t>(count));
  }

  void add_power(size_t start, size_t channel, int32_t mean, uint64_t* power) const {
    int32_t real[kPoints];
    int32_t imaginary[kPoints] = {};
    const int32_t own_mean = mean_from(start, kPoints, channel, mean);
    for (size_t point = 0; point < kPoints; ++point) {
      const int32_t value = frames_.at(start + point, channel) - mean - own_mean;
      constexpr uint32_t kShift = 11;  // of 15 bits of the Hann window, four stay behind the point
      real[point] = scaled_down(value * Settings::kHann[point], kShift);
    }
    transform<kPoints>(real, imaginary, Settings::kCosines, Settings::kSines);
    for (size_t band = 0; band < kBands; ++band) {
      const int64_t squares = int64_t{real[band]} * real[band] + int64_t{imaginary[band]} * imaginary[band];
      power[band] += static_cast<uint64_t>(squares) >> 8;
    }
  }

  using Window::frames_;
};

}  // namespace lab::spectrum
