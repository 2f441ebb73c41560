// LEAKY_RELU: what is below zero is multiplied by alpha.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace leaky_relu {
namespace {

template <typename T>
void run_quantised(const TfLiteTensor* input, float alpha, TfLiteTensor* output) {
  const Scaling identity(scale_of(input) / scale_of(output));
  const double factor = scale_of(input) * alpha / scale_of(output);
  const Scaling below(std::abs(factor));
  const int32_t sign = factor < 0 ? -1 : 1;
  for_each_element<T>(input, output, [&](T raw) {
    const int32_t value = raw - input->params.zero_point;
    const int32_t scaled = value >= 0 ? identity(value) : sign * below(value);
    return saturated<T>(scaled + output->params.zero_point);
  });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const float alpha = parameters<TfLiteLeakyReluParams>(node).alpha;
  if (input->type == kTfLiteFloat32) {
    for_each_element<float>(input, output, [alpha](float value) { return value > 0 ? value : value * alpha; });
    return kTfLiteOk;
  }
  return with_type_of<int8_t, int16_t>(context, input,
                                       [&](auto type) { run_quantised<decltype(type)>(input, alpha, output); });
}

}  // namespace
}  // namespace leaky_relu

LAB_OPERATOR(Register_LEAKY_RELU, LEAKY_RELU, 2, "FLOAT32 INT8 INT16") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, leaky_relu::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
