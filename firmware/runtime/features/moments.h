// How values are spread around their mean.
#pragma once

#include <cmath>
#include <cstddef>

namespace lab {

// Exactly the value of all of them where they are alike.
inline float arithmetic_mean(const float* values, size_t count) {
  float sum = 0;
  for (size_t one = 0; one < count; ++one) {
    sum += values[one] - values[0];
  }
  return values[0] + sum / static_cast<float>(count);
}

// `kurtosis` is that of Fisher, 0 for a normal distribution; both are biased. Of values that are alike the one is 0 and
// the other -3.
struct Shape {
  float skewness = 0;
  float kurtosis = -3;
};

inline Shape shape_of(const float* values, size_t count) {
  const float mean = arithmetic_mean(values, count);
  float second = 0;
  float third = 0;
  float fourth = 0;
  for (size_t one = 0; one < count; ++one) {
    const float apart = values[one] - mean;
    const float square = apart * apart;
    second += square;
    third += square * apart;
    fourth += square * square;
  }
  const float variance = second / static_cast<float>(count);
  const float square = variance * variance;
  if (square == 0.0f) {
    return {};
  }
  return {third / static_cast<float>(count) / (variance * std::sqrt(variance)),
          fourth / static_cast<float>(count) / square - 3.0f};
}

inline float root_mean_square(const float* values, size_t count) {
  float sum = 0;
  for (size_t one = 0; one < count; ++one) {
    sum += values[one] * values[one];
  }
  return std::sqrt(sum / static_cast<float>(count));
}

}  // namespace lab
