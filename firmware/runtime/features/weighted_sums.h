// Sums of weighted values, a line each: a filter bank, a cosine transform.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

// Line n sums the kCounts[n] values from kFirst[n] on; the weights of the lines follow one another.
template <size_t kLines>
void weighted_sums(const float* values, const int16_t* first, const int16_t* counts, const float* weights,
                   float* sums) {
  for (size_t line = 0; line < kLines; ++line) {
    float sum = 0;
    for (int16_t value = 0; value < counts[line]; ++value) {
      sum += values[first[line] + value] * *weights++;
    }
    sums[line] = sum;
  }
}

// Each line sums all kValues of the values.
template <size_t kLines, size_t kValues>
void weighted_sums(const float* values, const float* weights, float* sums) {
  for (size_t line = 0; line < kLines; ++line) {
    float sum = 0;
    for (size_t value = 0; value < kValues; ++value) {
      sum += values[value] * *weights++;
    }
    sums[line] = sum;
  }
}

}  // namespace lab
