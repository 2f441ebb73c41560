// Whole numbers that are the same on every core: what C++17 leaves open about negative ones is said here.
#pragma once

#include <cstdint>

namespace lab {

// Rounded down. The divisor is positive.
constexpr int32_t divided(int32_t value, int32_t by) { return value >= 0 ? value / by : -((by - 1 - value) / by); }

// The mean of `count` values, rounded to the nearest, halves up.
constexpr int32_t mean_of(int32_t sum, int32_t count) { return divided(2 * sum + count, 2 * count); }

// Divided by 2^shift and rounded to the nearest, halves up.
constexpr int32_t scaled_down(int32_t value, uint32_t shift) {
  return divided(value + (shift == 0 ? 0 : 1 << (shift - 1)), 1 << shift);
}

constexpr int8_t to_int8(int32_t value) { return static_cast<int8_t>(value < -128 ? -128 : value > 127 ? 127 : value); }

}  // namespace lab
