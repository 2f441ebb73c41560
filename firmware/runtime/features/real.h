// Numbers with a point that are the same on every core: IEEE 754 of 32 bits, each operation rounded by itself (the
// compiler contracts none: firmware/ours.cmake), and no function of a libm but the square root, which IEEE 754 rounds.
#pragma once

#include <cstdint>
#include <cstring>

namespace lab {

// The natural logarithm of a normal number above 0, to within 2 units in its last place: x = 2^e m with m from
// sqrt(1/2) to sqrt(2), and ln m = 2 artanh((m - 1) / (m + 1)), of whose series five terms are left.
inline float natural_logarithm(float x) {
  constexpr int32_t kRootOfHalf = 0x3f3504f3;  // the bits of sqrt(1/2)
  constexpr float kOfTwo = 0.6931472f;
  int32_t bits = 0;
  std::memcpy(&bits, &x, sizeof(bits));
  const int32_t above = bits - kRootOfHalf;
  const int32_t exponent = above >= 0 ? above >> 23 : -((0x7fffff - above) >> 23);
  bits -= exponent * (1 << 23);
  float mantissa = 0;
  std::memcpy(&mantissa, &bits, sizeof(mantissa));
  const float s = (mantissa - 1.0f) / (mantissa + 1.0f);
  const float square = s * s;
  const float series = square * (1.0f / 3 + square * (1.0f / 5 + square * (1.0f / 7 + square * (1.0f / 9))));
  return static_cast<float>(exponent) * kOfTwo + 2.0f * (s + s * series);
}

// To the nearest, halves up, within -128..127.
inline int8_t nearest_int8(float value) {
  if (!(value > -128.0f)) {
    return -128;
  }
  return value >= 127.0f ? 127 : static_cast<int8_t>(static_cast<int32_t>(value + 128.5f) - 128);
}

// Towards zero, within -128..127.
inline int8_t cut_to_int8(float value) {
  if (!(value > -128.0f)) {
    return -128;
  }
  return value >= 127.0f ? 127 : static_cast<int8_t>(value);
}

}  // namespace lab
