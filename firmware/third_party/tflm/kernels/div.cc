// DIV of floats. TFLM's for int8 shifts by more bits than there are, and what it gives differs between cores.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace div {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* one = GetInput(context, node, 0);
  const TfLiteTensor* other = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const TfLiteFusedActivation activation = parameters<TfLiteDivParams>(node).activation;
  if (output->type != kTfLiteFloat32) {
    return refuse(context, output);
  }
  for_each_plain_pair<float>(one, other, output, activation, [](float a, float b) { return a / b; });
  return kTfLiteOk;
}

}  // namespace
}  // namespace div

LAB_OPERATOR(Register_DIV, DIV, 2, "FLOAT32") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, div::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
