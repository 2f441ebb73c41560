// The logistic function and the hyperbolic tangent of int16, by TFLM's table of the former: at 256 places from 0 to
// 10.7, between which it is taken as straight.
#pragma once

#include <cmath>

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {

constexpr int kFractionBits = 15;  // of what comes out

// Brings int16 of a scale to 3 * 4096 steps for 1, in which the table counts.
class TableSteps {
 public:
  explicit TableSteps(double scale) {
    multiplier_ = scale * 3 * 4096;
    for (; multiplier_ <= 32767.0 / 2 && shift_ <= 30; ++shift_) {
      multiplier_ *= 2;
    }
  }

  bool fits() const { return multiplier_ < 32768; }

  int32_t operator()(int16_t value) const {
    const int32_t half = shift_ > 0 ? 1 << (shift_ - 1) : 0;
    return (value * static_cast<int32_t>(multiplier_) + half) >> shift_;
  }

 private:
  double multiplier_;
  int shift_ = 0;
};

// Of a scale so near to one of these powers of two that TFLM takes it for that.
inline TableSteps steps_of(float scale, std::initializer_list<int> powers) {
  int power;
  const bool is_power = CheckedLog2(scale, &power);
  return TableSteps(is_power && std::find(powers.begin(), powers.end(), power) != powers.end() ? std::ldexp(1.0, power)
                                                                                               : scale);
}

// The table at `steps`, with `bits` of them between two places.
inline int32_t interpolated(uint32_t steps, int bits, int32_t beyond) {
  const uint32_t place = steps >> bits;
  if (place >= 255) {
    return beyond;
  }
  const uint32_t least = sigmoid_table_uint16[place], most = sigmoid_table_uint16[place + 1];
  return static_cast<int32_t>((least << bits) + (steps & ((1u << bits) - 1)) * (most - least));
}

inline int16_t logistic(int32_t steps) {
  const uint32_t result = interpolated(std::abs(steps), 9, 0x7FFF << 10);
  const uint32_t signed_result = steps >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1;
  return static_cast<int16_t>(signed_result >> 10);
}

inline int16_t hyperbolic_tangent(int32_t steps) {
  const int32_t result = interpolated(std::abs(steps), 8, 0xFFFF << 8);
  return static_cast<int16_t>((steps >= 0 ? result - (1 << 23) + (1 << 7) : -result + (1 << 23) + (1 << 7) - 1) >> 8);
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
