// Four sums of products that share their input.
#pragma once

#include <algorithm>
#include <cstdint>

namespace lab {

class DotProducts {
 public:
  static constexpr int kCount = 4;

  // `count` filters follow each other at a distance of `size`; where there are fewer than four, the last one is
  // summed again in their place. `offset` is added to each input value.
  DotProducts(const int8_t* filters, int size, int count, int32_t offset) : offset_(offset) {
    for (int i = 0; i < kCount; ++i) {
      filters_[i] = filters + std::min(i, count - 1) * size;
    }
  }

  // Adds the products of `length` input values with the filters' values from `first` on. A function of its own: its
  // loop needs all the registers there are.
  __attribute__((noinline)) void add(const int8_t* input, int first, int length) {
    const int8_t* filter_0 = filters_[0] + first;
    const int8_t* filter_1 = filters_[1] + first;
    const int8_t* filter_2 = filters_[2] + first;
    const int8_t* filter_3 = filters_[3] + first;
    const int32_t offset = offset_;
    int32_t sum_0 = sums_[0], sum_1 = sums_[1], sum_2 = sums_[2], sum_3 = sums_[3];
    for (const int8_t* const end = input + length; input < end;) {
      const int32_t value = *input++ + offset;
      sum_0 += value * *filter_0++;
      sum_1 += value * *filter_1++;
      sum_2 += value * *filter_2++;
      sum_3 += value * *filter_3++;
    }
    sums_[0] = sum_0;
    sums_[1] = sum_1;
    sums_[2] = sum_2;
    sums_[3] = sum_3;
  }

  int32_t operator[](int i) const { return sums_[i]; }

 private:
  const int8_t* filters_[kCount];
  const int32_t offset_;
  int32_t sums_[kCount] = {};
};

}  // namespace lab
