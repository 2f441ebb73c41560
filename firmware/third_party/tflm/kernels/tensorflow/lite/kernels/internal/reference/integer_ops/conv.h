// int8 convolution in the place of TFLM's reference loop of this name: the same arithmetic, hence the same bytes, in a
// tenth of the instructions. Edges are cut off before the loops instead of tested in them, and each input value is
// loaded once for four output channels.
#ifndef TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_CONV_H_
#define TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_CONV_H_

#include <algorithm>
#include <cstdint>

#include "dot_products.h"
#include "filter_span.h"
#include "tensorflow/lite/kernels/internal/common.h"

namespace tflite {
namespace reference_integer_ops {

inline void ConvPerChannel(const ConvParams& params, const int32_t* output_multiplier, const int32_t* output_shift,
                           const RuntimeShape& input_shape, const int8_t* input_data, const RuntimeShape& filter_shape,
                           const int8_t* filter_data, const RuntimeShape& bias_shape, const int32_t* bias_data,
                           const RuntimeShape& output_shape, int8_t* output_data) {
  (void)bias_shape;
  constexpr int kTogether = lab::DotProducts::kCount;
  const int32_t lowest = params.quantized_activation_min;
  const int32_t highest = params.quantized_activation_max;
  const int input_height = input_shape.Dims(1);
  const int input_width = input_shape.Dims(2);
  const int depth = input_shape.Dims(3);
  const int filter_height = filter_shape.Dims(1);
  const int filter_width = filter_shape.Dims(2);
  const int filter_size = filter_height * filter_width * depth;
  const int channels = output_shape.Dims(3);

  for (int batch = 0; batch < input_shape.Dims(0); ++batch) {
    const int8_t* const image = input_data + batch * input_height * input_width * depth;
    for (int out_y = 0; out_y < output_shape.Dims(1); ++out_y) {
      const lab::FilterSpan rows(out_y * params.stride_height - params.padding_values.height,
                                 params.dilation_height_factor, filter_height, input_height);
      for (int out_x = 0; out_x < output_shape.Dims(2); ++out_x) {
        const lab::FilterSpan columns(out_x * params.stride_width - params.padding_values.width,
                                      params.dilation_width_factor, filter_width, input_width);
        // Neighbouring taps of an undilated filter lie one behind the other, in the filter as in the image.
        const int taps_at_once = params.dilation_width_factor == 1 ? columns.end - columns.begin : 1;
        for (int channel = 0; channel < channels; channel += kTogether) {
          const int count = std::min(kTogether, channels - channel);
          lab::DotProducts sums(filter_data + channel * filter_size, filter_size, count, params.input_offset);
          for (int y = rows.begin; y < rows.end; ++y) {
            for (int x = columns.begin; x < columns.end; x += taps_at_once) {
              sums.add(image + (rows.at(y) * input_width + columns.at(x)) * depth, (y * filter_width + x) * depth,
                       taps_at_once * depth);
            }
          }
          for (int i = 0; i < count; ++i) {
            const int32_t biased = sums[i] + (bias_data != nullptr ? bias_data[channel + i] : 0);
            const int32_t scaled =
                MultiplyByQuantizedMultiplier(biased, output_multiplier[channel + i], output_shift[channel + i]) +
                params.output_offset;
            *output_data++ = static_cast<int8_t>(std::min(std::max(scaled, lowest), highest));
          }
        }
      }
    }
  }
}

}  // namespace reference_integer_ops
}  // namespace tflite

#endif  // TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_CONV_H_
