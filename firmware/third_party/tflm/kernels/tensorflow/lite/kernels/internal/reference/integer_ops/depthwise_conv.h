// int8 depthwise convolution in the place of TFLM's reference loop of this name: the same arithmetic, hence the same
// bytes. Edges are cut off before the loops instead of tested in them.
#ifndef TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_DEPTHWISE_CONV_H_
#define TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_DEPTHWISE_CONV_H_

#include <algorithm>
#include <cstdint>

#include "filter_span.h"
#include "tensorflow/lite/kernels/internal/common.h"

namespace tflite {
namespace reference_integer_ops {

inline void DepthwiseConvPerChannel(const DepthwiseParams& params, const int32_t* output_multiplier,
                                    const int32_t* output_shift, const RuntimeShape& input_shape,
                                    const int8_t* input_data, const RuntimeShape& filter_shape,
                                    const int8_t* filter_data, const RuntimeShape& bias_shape, const int32_t* bias_data,
                                    const RuntimeShape& output_shape, int8_t* output_data) {
  (void)bias_shape;
  const int32_t input_offset = params.input_offset;
  const int32_t output_offset = params.output_offset;
  const int32_t lowest = params.quantized_activation_min;
  const int32_t highest = params.quantized_activation_max;
  const int multiplier = params.depth_multiplier;
  const int batches = input_shape.Dims(0);
  const int input_height = input_shape.Dims(1);
  const int input_width = input_shape.Dims(2);
  const int depth = input_shape.Dims(3);
  const int filter_height = filter_shape.Dims(1);
  const int filter_width = filter_shape.Dims(2);
  const int channels = output_shape.Dims(3);
  const int input_step = params.dilation_width_factor * depth;  // from one tap of a row to the next

  for (int batch = 0; batch < batches; ++batch) {
    const int8_t* const image = input_data + batch * input_height * input_width * depth;
    for (int out_y = 0; out_y < output_shape.Dims(1); ++out_y) {
      const lab::FilterSpan rows(out_y * params.stride_height - params.padding_values.height,
                                 params.dilation_height_factor, filter_height, input_height);
      for (int out_x = 0; out_x < output_shape.Dims(2); ++out_x) {
        const lab::FilterSpan columns(out_x * params.stride_width - params.padding_values.width,
                                      params.dilation_width_factor, filter_width, input_width);
        for (int in_channel = 0; in_channel < depth; ++in_channel) {
          for (int m = 0; m < multiplier; ++m) {
            const int channel = in_channel * multiplier + m;
            int32_t sum = bias_data != nullptr ? bias_data[channel] : 0;
            for (int filter_y = rows.begin; filter_y < rows.end; ++filter_y) {
              const int8_t* input =
                  image + (rows.at(filter_y) * input_width + columns.at(columns.begin)) * depth + in_channel;
              const int8_t* filter = filter_data + (filter_y * filter_width + columns.begin) * channels + channel;
              for (int taps = columns.end - columns.begin; taps > 0; --taps) {
                sum += (*input + input_offset) * *filter;
                input += input_step;
                filter += channels;
              }
            }
            const int32_t scaled =
                MultiplyByQuantizedMultiplier(sum, output_multiplier[channel], output_shift[channel]) + output_offset;
            *output_data++ = static_cast<int8_t>(std::min(std::max(scaled, lowest), highest));
          }
        }
      }
    }
  }
}

}  // namespace reference_integer_ops
}  // namespace tflite

#endif  // TENSORFLOW_LITE_KERNELS_INTERNAL_REFERENCE_INTEGER_OPS_DEPTHWISE_CONV_H_
