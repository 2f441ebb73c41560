// The crate's DEPTHWISE_CONV_2D, with its int8 mended: the crate's own leaves out the fused activation, and pads as if
// there were no dilation. Both make the result wrong without a word.

#define Register_DEPTHWISE_CONV_2D Register_DEPTHWISE_CONV_2D_OF_CRATE
#include "tensorflow/lite/micro/kernels/depthwise_conv.cc"
#undef Register_DEPTHWISE_CONV_2D

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace depthwise_conv {
namespace {

TfLiteStatus PrepareMended(TfLiteContext* context, TfLiteNode* node) {
  TF_LITE_ENSURE_STATUS(Prepare(context, node));
  const auto& params = *static_cast<const TfLiteDepthwiseConvParams*>(node->builtin_data);
  const TfLiteTensor* input = GetInput(context, node, kInputTensor);
  const TfLiteTensor* filter = GetInput(context, node, kFilterTensor);
  int height = 0, width = 0;
  static_cast<OpData*>(node->user_data)->padding = ComputePaddingHeightWidth(
      params.stride_height, params.stride_width, params.dilation_height_factor, params.dilation_width_factor,
      SizeOfDimension(input, 1), SizeOfDimension(input, 2), SizeOfDimension(filter, 1), SizeOfDimension(filter, 2),
      params.padding, &height, &width);
  return kTfLiteOk;
}

TfLiteStatus EvalMended(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, kInputTensor);
  if (input->type != kTfLiteInt8) {
    return Eval(context, node);
  }
  const auto& asked = *static_cast<const TfLiteDepthwiseConvParams*>(node->builtin_data);
  const OpData& data = *static_cast<const OpData*>(node->user_data);
  const TfLiteTensor* filter = GetInput(context, node, kFilterTensor);
  const TfLiteTensor* bias = GetOptionalInputTensor(context, node, kBiasTensor);
  TfLiteTensor* output = GetOutput(context, node, kOutputTensor);

  DepthwiseParams params = {};
  params.padding_values.height = data.padding.height;
  params.padding_values.width = data.padding.width;
  params.stride_height = asked.stride_height;
  params.stride_width = asked.stride_width;
  params.dilation_height_factor = asked.dilation_height_factor;
  params.dilation_width_factor = asked.dilation_width_factor;
  params.depth_multiplier = asked.depth_multiplier;
  params.input_offset = -input->params.zero_point;
  params.output_offset = output->params.zero_point;
  params.quantized_activation_min = data.output_activation_min;
  params.quantized_activation_max = data.output_activation_max;
  reference_integer_ops::DepthwiseConvPerChannel(
      params, data.per_channel_output_multiplier, data.per_channel_output_shift, GetTensorShape(input),
      GetTensorData<int8_t>(input), GetTensorShape(filter), GetTensorData<int8_t>(filter), GetTensorShape(bias),
      GetTensorData<int32_t>(bias), GetTensorShape(output), GetTensorData<int8_t>(output));
  return kTfLiteOk;
}

}  // namespace
}  // namespace depthwise_conv

LAB_OPERATOR(Register_DEPTHWISE_CONV_2D, DEPTHWISE_CONV_2D, 3, "FLOAT32 INT8 UINT8") {
  static TfLiteRegistration registration = *Register_DEPTHWISE_CONV_2D_OF_CRATE();
  registration.prepare = depthwise_conv::PrepareMended;
  registration.invoke = depthwise_conv::EvalMended;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
