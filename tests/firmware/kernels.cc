// One int8 convolution of the headers that the include path finds first: the firmware's or TFLM's.
#include <cstdint>
#include <cstring>

#include "tensorflow/lite/kernels/internal/reference/integer_ops/conv.h"
#include "tensorflow/lite/kernels/internal/reference/integer_ops/depthwise_conv.h"

namespace {

// Both kinds of parameters have these fields.
template <class Params>
Params parameters(const int32_t* stride, const int32_t* dilation, const int32_t* padding) {
  Params params;
  std::memset(&params, 0, sizeof(params));
  params.stride_height = stride[0];
  params.stride_width = stride[1];
  params.dilation_height_factor = dilation[0];
  params.dilation_width_factor = dilation[1];
  params.padding_values.height = padding[0];
  params.padding_values.width = padding[1];
  params.input_offset = 128;
  params.output_offset = -5;
  params.quantized_activation_min = -120;
  params.quantized_activation_max = 125;
  return params;
}

}  // namespace

extern "C" {

// Shapes are NHWC (of the filter: OHWI); `multipliers` and `shifts` are by channel.
void convolve(const int32_t* stride, const int32_t* dilation, const int32_t* padding, const int32_t* multipliers,
              const int32_t* shifts, const int32_t* input_shape, const int8_t* input, const int32_t* filter_shape,
              const int8_t* filter, const int32_t* bias, const int32_t* output_shape, int8_t* output) {
  using tflite::RuntimeShape;
  tflite::reference_integer_ops::ConvPerChannel(
      parameters<tflite::ConvParams>(stride, dilation, padding), multipliers, shifts, RuntimeShape(4, input_shape),
      input, RuntimeShape(4, filter_shape), filter, RuntimeShape(1, output_shape + 3), bias,
      RuntimeShape(4, output_shape), output);
}

void convolve_depthwise(const int32_t* stride, const int32_t* dilation, const int32_t* padding,
                        const int32_t* multipliers, const int32_t* shifts, const int32_t* input_shape,
                        const int8_t* input, const int32_t* filter_shape, const int8_t* filter, const int32_t* bias,
                        const int32_t* output_shape, int8_t* output) {
  using tflite::RuntimeShape;
  auto params = parameters<tflite::DepthwiseParams>(stride, dilation, padding);
  params.depth_multiplier = output_shape[3] / input_shape[3];
  tflite::reference_integer_ops::DepthwiseConvPerChannel(
      params, multipliers, shifts, RuntimeShape(4, input_shape), input, RuntimeShape(4, filter_shape), filter,
      RuntimeShape(1, output_shape + 3), bias, RuntimeShape(4, output_shape), output);
}

}  // extern "C"
