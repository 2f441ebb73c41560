// RELU and RELU6. The crate's take no int16, and its RELU takes the input's scale for the output's.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace activations {
namespace {

template <typename T>
void rectify_quantised(const TfLiteTensor* input, TfLiteTensor* output) {
  const Scaling scaling(scale_of(input) / scale_of(output));
  const int32_t from = input->params.zero_point;
  const int32_t zero = output->params.zero_point;
  for_each_element<T>(input, output,
                      [&](T value) { return saturated<T>(std::max(zero, scaling(value - from) + zero)); });
}

TfLiteStatus EvalRelu(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  if (input->type == kTfLiteFloat32) {
    for_each_element<float>(input, output, [](float value) { return value < 0 ? 0 : value; });
    return kTfLiteOk;
  }
  return with_type_of<int8_t, uint8_t, int16_t>(context, input,
                                                [&](auto type) { rectify_quantised<decltype(type)>(input, output); });
}

// Input and output have one scale: converters see to it.
template <typename T>
void bound_quantised(const TfLiteTensor* input, TfLiteTensor* output) {
  const int32_t zero = input->params.zero_point;
  const T least = static_cast<T>(zero);
  const T most = saturated<T>(zero + static_cast<int32_t>(std::round(6.0f / input->params.scale)));
  for_each_element<T>(input, output, [&](T value) { return std::min(std::max(value, least), most); });
}

TfLiteStatus EvalRelu6(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  if (input->type == kTfLiteFloat32) {
    for_each_element<float>(input, output, [](float value) { return value > 6 ? 6 : value < 0 ? 0 : value; });
    return kTfLiteOk;
  }
  return with_type_of<int8_t, uint8_t, int16_t>(context, input,
                                                [&](auto type) { bound_quantised<decltype(type)>(input, output); });
}

}  // namespace
}  // namespace activations

LAB_OPERATOR(Register_RELU, RELU, 3, "FLOAT32 INT16 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, activations::EvalRelu};
  return &registration;
}

LAB_OPERATOR(Register_RELU6, RELU6, 3, "FLOAT32 INT16 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, activations::EvalRelu6};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
