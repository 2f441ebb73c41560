// A Fourier transform in whole numbers: radix 2, decimation in time, no scaling between its stages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "runtime/features/bit_reversal.h"
#include "runtime/features/rounding.h"

namespace lab {

// In place; `imaginary` is zero at the start. `cosines` and `sines` are of -2 pi i / kPoints for half of the
// points, 1.0 being 32,767. Each stage can double a value: kPoints times the largest has to fit in 31 bits.
template <size_t kPoints>
void transform(int32_t* real, int32_t* imaginary, const int16_t* cosines, const int16_t* sines) {
  reverse_bits<kPoints>([real](size_t i, size_t j) { std::swap(real[i], real[j]); });
  for (size_t length = 2; length <= kPoints; length *= 2) {
    const size_t half = length / 2;
    const size_t stride = kPoints / length;
    for (size_t start = 0; start < kPoints; start += length) {
      for (size_t k = 0; k < half; ++k) {
        const size_t one = start + k;
        const size_t other = one + half;
        const int64_t c = cosines[k * stride];
        const int64_t s = sines[k * stride];
        constexpr int64_t kHalf = 1 << 14;
        const auto turned_real = static_cast<int32_t>((real[other] * c - imaginary[other] * s + kHalf) >> 15);
        const auto turned_imaginary = static_cast<int32_t>((real[other] * s + imaginary[other] * c + kHalf) >> 15);
        real[other] = real[one] - turned_real;
        imaginary[other] = imaginary[one] - turned_imaginary;
        real[one] += turned_real;
        imaginary[one] += turned_imaginary;
      }
    }
  }
}

// 256 times the logarithm to base 2, at least 0. `table` has 256 * log2(1 + i / 128) for the 128 values of i.
inline int32_t log2_in_256ths(uint64_t value, const int16_t* table) {
  if (value < 2) {
    return 0;
  }
  const int exponent = 63 - __builtin_clzll(value);
  const auto mantissa = static_cast<size_t>(exponent >= 7 ? value >> (exponent - 7) : value << (7 - exponent)) - 128;
  return (exponent << 8) + table[mantissa];
}

}  // namespace lab
