// ELU: the exponential of what is below zero, less one.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace elu {
namespace {

float elu(float value) { return value < 0 ? std::exp(value) - 1 : value; }

// Of int8 each value is computed once, at the start.
void* Init(TfLiteContext* context, const char*, size_t) {
  void* table = nullptr;
  context->AllocatePersistentBuffer(context, 256, &table);
  return table;
}

TfLiteStatus Prepare(TfLiteContext* context, TfLiteNode* node) {
  TF_LITE_ENSURE(context, node->user_data != nullptr);
  const TfLiteTensor* input = GetInput(context, node, 0);
  const TfLiteTensor* output = GetOutput(context, node, 0);
  if (input->type != kTfLiteInt8) {
    return kTfLiteOk;
  }
  int8_t* table = static_cast<int8_t*>(node->user_data);
  const float inverse_scale = 1 / output->params.scale;
  for (int value = -128; value < 128; ++value) {
    const float result = elu(input->params.scale * (value - input->params.zero_point));
    const float quantised = std::round(result * inverse_scale) + output->params.zero_point;
    table[static_cast<uint8_t>(value)] = saturated<int8_t>(static_cast<int32_t>(quantised));
  }
  return kTfLiteOk;
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  switch (input->type) {
    case kTfLiteFloat32:
      for_each_element<float>(input, output, elu);
      return kTfLiteOk;
    case kTfLiteInt8:
      for_each_element<int8_t>(input, output, [&](int8_t value) {
        return static_cast<const int8_t*>(node->user_data)[static_cast<uint8_t>(value)];
      });
      return kTfLiteOk;
    default:
      return refuse(context, input);
  }
}

}  // namespace
}  // namespace elu

LAB_OPERATOR(Register_ELU, ELU, 1, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {elu::Init, nullptr, elu::Prepare, elu::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
