// The crate's FULLY_CONNECTED, and beside it one for int8 weights with a scale for each channel, which TensorFlow
// writes today and which the crate's own would compute with the first channel's scale: wrong without a word.

#define Register_FULLY_CONNECTED Register_FULLY_CONNECTED_PER_TENSOR
#include "tensorflow/lite/micro/kernels/fully_connected.cc"
#undef Register_FULLY_CONNECTED
#include "operator.h"
#include "tensorflow/lite/kernels/internal/reference/integer_ops/conv.h"

namespace tflite {
namespace ops {
namespace micro {
namespace fully_connected {
namespace {

struct ChannelData {
  OpData of_crate;  // first: the crate's functions take user_data for this
  int32_t* multipliers;
  int32_t* shifts;
};

bool has_scale_for_each_channel(const TfLiteTensor* filter) {
  const auto* quantization = static_cast<const TfLiteAffineQuantization*>(filter->quantization.params);
  return filter->type == kTfLiteInt8 && quantization != nullptr && quantization->scale->size > 1;
}

void* InitChannels(TfLiteContext* context, const char*, size_t) {
  void* data = nullptr;
  context->AllocatePersistentBuffer(context, sizeof(ChannelData), &data);
  return data;
}

TfLiteStatus PrepareChannels(TfLiteContext* context, TfLiteNode* node) {
  TF_LITE_ENSURE(context, node->user_data != nullptr);
  TF_LITE_ENSURE_STATUS(Prepare(context, node));
  const TfLiteTensor* filter = GetInput(context, node, kWeightsTensor);
  if (!has_scale_for_each_channel(filter)) {
    return kTfLiteOk;
  }
  auto& data = *static_cast<ChannelData*>(node->user_data);
  const int channels = filter->dims->data[0];
  for (int32_t** array : {&data.multipliers, &data.shifts}) {
    void* memory = nullptr;
    TF_LITE_ENSURE_STATUS(context->AllocatePersistentBuffer(context, channels * sizeof(int32_t), &memory));
    *array = static_cast<int32_t*>(memory);
  }
  const auto* params = static_cast<const TfLiteFullyConnectedParams*>(node->builtin_data);
  OpData& whole = data.of_crate;
  return PopulateConvolutionQuantizationParams(
      context, GetInput(context, node, kInputTensor), filter, GetOptionalInputTensor(context, node, kBiasTensor),
      GetOutput(context, node, kOutputTensor), params->activation, &whole.output_multiplier, &whole.output_shift,
      &whole.output_activation_min, &whole.output_activation_max, data.multipliers, reinterpret_cast<int*>(data.shifts),
      channels);
}

// A convolution of one tap over an image of one column.
TfLiteStatus EvalChannels(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* filter = GetInput(context, node, kWeightsTensor);
  if (!has_scale_for_each_channel(filter)) {
    return Eval(context, node);
  }
  const TfLiteTensor* input = GetInput(context, node, kInputTensor);
  const TfLiteTensor* bias = GetOptionalInputTensor(context, node, kBiasTensor);
  TfLiteTensor* output = GetOutput(context, node, kOutputTensor);
  const auto& data = *static_cast<const ChannelData*>(node->user_data);

  ConvParams params = {};
  params.stride_height = params.stride_width = 1;
  params.dilation_height_factor = params.dilation_width_factor = 1;
  params.input_offset = -input->params.zero_point;
  params.output_offset = output->params.zero_point;
  params.quantized_activation_min = data.of_crate.output_activation_min;
  params.quantized_activation_max = data.of_crate.output_activation_max;

  const int channels = filter->dims->data[0];
  const int depth = filter->dims->data[1];
  const int rows = GetTensorShape(output).FlatSize() / channels;
  reference_integer_ops::ConvPerChannel(
      params, data.multipliers, data.shifts, RuntimeShape({1, rows, 1, depth}), GetTensorData<int8_t>(input),
      RuntimeShape({channels, 1, 1, depth}), GetTensorData<int8_t>(filter), GetTensorShape(bias),
      GetTensorData<int32_t>(bias), RuntimeShape({1, rows, 1, channels}), GetTensorData<int8_t>(output));
  return kTfLiteOk;
}

}  // namespace
}  // namespace fully_connected

LAB_OPERATOR(Register_FULLY_CONNECTED, FULLY_CONNECTED, 4, "FLOAT32 INT8 UINT8") {
  static TfLiteRegistration registration = *Register_FULLY_CONNECTED_PER_TENSOR();
  registration.init = fully_connected::InitChannels;
  registration.prepare = fully_connected::PrepareChannels;
  registration.invoke = fully_connected::EvalChannels;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
