// What kernels share that compute each output element from one element of each input.
#pragma once

#include "operator.h"
#include "walk.h"

namespace tflite {
namespace ops {
namespace micro {

template <typename T, typename Compute>
void for_each_element(const TfLiteTensor* input, TfLiteTensor* output, Compute compute) {
  const T* from = data_of<T>(input);
  std::transform(from, from + NumElements(input), data_of<T>(output), compute);
}

// Of two inputs that are broadcast to the output's shape.
template <typename T, typename Compute>
void for_each_pair(const TfLiteTensor* first, const TfLiteTensor* second, TfLiteTensor* output, Compute compute) {
  const T* one = data_of<T>(first);
  const T* other = data_of<T>(second);
  T* made = data_of<T>(output);
  walk(broadcast(output->dims, first->dims, second->dims), [&](int a, int b) { *made++ = compute(one[a], other[b]); });
}

// Floats and int32 as they are, bounded by the fused activation.
template <typename T, typename Compute>
void for_each_plain_pair(const TfLiteTensor* first, const TfLiteTensor* second, TfLiteTensor* output,
                         TfLiteFusedActivation activation, Compute compute) {
  T least, most;
  CalculateActivationRange(activation, &least, &most);
  for_each_pair<T>(first, second, output, [&](T a, T b) { return std::min(std::max<T>(compute(a, b), least), most); });
}

// Brings two quantised inputs to one scale, twice the larger of both, with room to the left for rounding.
struct CommonScale {
  Scaling first;
  Scaling second;
  int32_t first_zero;
  int32_t second_zero;
  int left_shift;

  template <typename Real>
  CommonScale(const TfLiteTensor* one, const TfLiteTensor* other, Real twice_larger, int left)
      : first(static_cast<double>(one->params.scale / twice_larger)),
        second(static_cast<double>(other->params.scale / twice_larger)),
        first_zero(one->params.zero_point),
        second_zero(other->params.zero_point),
        left_shift(left) {}

  int32_t of_first(int32_t value) const { return first((value - first_zero) * (1 << left_shift)); }
  int32_t of_second(int32_t value) const { return second((value - second_zero) * (1 << left_shift)); }
};

}  // namespace micro
}  // namespace ops
}  // namespace tflite
