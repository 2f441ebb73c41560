// The power spectrum of real values: one Fourier transform of half as many complex ones, radix 2, decimation in time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include "runtime/features/bit_reversal.h"

namespace lab {

// `cosines` and `sines` are of -2 pi i / kPoints for half of the points.
template <size_t kPoints>
class RealSpectrum {
 public:
  static constexpr size_t kPowers = kPoints / 2 + 1;

  // Value n of what is transformed; all of them are to be set each time.
  float& value(size_t n) { return n % 2 == 0 ? real_[n / 2] : imaginary_[n / 2]; }

  // |X[k]|^2 for k from 0 on, `count` of them, kPowers at most. The values are lost.
  void powers(float* power, size_t count, const float* cosines, const float* sines) {
    transform(cosines, sines);
    power[0] = squared(real_[0] + imaginary_[0], 0.0f);
    if (count > kHalf) {
      power[kHalf] = squared(real_[0] - imaginary_[0], 0.0f);
    }
    for (size_t k = 1; k < std::min(count, kHalf); ++k) {
      // Of z[n] = x[2n] + i x[2n+1] the parts that even and odd values have in Z[k].
      const size_t mirrored = kHalf - k;
      const float even_real = 0.5f * (real_[k] + real_[mirrored]);
      const float even_imaginary = 0.5f * (imaginary_[k] - imaginary_[mirrored]);
      const float odd_real = 0.5f * (imaginary_[k] + imaginary_[mirrored]);
      const float odd_imaginary = 0.5f * (real_[mirrored] - real_[k]);
      power[k] = squared(even_real + (odd_real * cosines[k] - odd_imaginary * sines[k]),
                         even_imaginary + (odd_real * sines[k] + odd_imaginary * cosines[k]));
    }
  }

 private:
  static constexpr size_t kHalf = kPoints / 2;

  static float squared(float real, float imaginary) { return real * real + imaginary * imaginary; }

  void transform(const float* cosines, const float* sines) {
    reverse_bits<kHalf>([this](size_t i, size_t j) {
      std::swap(real_[i], real_[j]);
      std::swap(imaginary_[i], imaginary_[j]);
    });
    for (size_t length = 2; length <= kHalf; length *= 2) {
      const size_t stride = kPoints / length;
      for (size_t start = 0; start < kHalf; start += length) {
        part(start, start + length / 2, real_[start + length / 2], imaginary_[start + length / 2]);
        for (size_t k = 1; k < length / 2; ++k) {
          turn(start + k, start + k + length / 2, cosines[k * stride], sines[k * stride]);
        }
      }
    }
  }

  void turn(size_t one, size_t other, float cosine, float sine) {
    part(one, other, real_[other] * cosine - imaginary_[other] * sine,
         real_[other] * sine + imaginary_[other] * cosine);
  }

  void part(size_t one, size_t other, float turned_real, float turned_imaginary) {
    real_[other] = real_[one] - turned_real;
    imaginary_[other] = imaginary_[one] - turned_imaginary;
    real_[one] += turned_real;
    imaginary_[one] += turned_imaginary;
  }

  float real_[kHalf] = {};
  float imaginary_[kHalf] = {};
};

}  // namespace lab
