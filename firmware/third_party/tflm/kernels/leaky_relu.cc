// LEAKY_RELU: what is below zero is multiplied by alpha.

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace leaky_relu {
namespace {

template <typename T>
void run_quantised(const TfLiteTensor* input, float alpha, TfLiteTensor* output) {
  const Scaling identity(static_cast<double>(input->params.scale / output->params.scale));
  const double factor = static_cast<double>(input->params.scale * alpha / output->params.scale);
  const Scaling below(std::abs(factor));
  const int32_t sign = factor < 0 ? -1 : 1;
  for (int i = 0; i < NumElements(input); ++i) {
    const int32_t value = data_of<T>(input)[i] - input->params.zero_point;
    const int32_t scaled = value >= 0 ? identity(value) : sign * below(value);
    data_of<T>(output)[i] = saturated<T>(scaled + output->params.zero_point);
  }
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const float alpha = parameters<TfLiteLeakyReluParams>(node).alpha;
  switch (input->type) {
    case kTfLiteFloat32:
      std::transform(data_of<float>(input), data_of<float>(input) + NumElements(input), data_of<float>(output),
                     [alpha](float value) { return value > 0 ? value : value * alpha; });
      return kTfLiteOk;
    case kTfLiteInt8:
      run_quantised<int8_t>(input, alpha, output);
      return kTfLiteOk;
    case kTfLiteInt16:
      run_quantised<int16_t>(input, alpha, output);
      return kTfLiteOk;
    default:
      return refuse(context, input);
  }
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
