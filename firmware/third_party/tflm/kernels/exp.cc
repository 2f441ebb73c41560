// EXP of floats.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace exp {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  if (input->type != kTfLiteFloat32) {
    return refuse(context, input);
  }
  for_each_element<float>(input, GetOutput(context, node, 0), [](float value) { return std::exp(value); });
  return kTfLiteOk;
}

}  // namespace
}  // namespace exp

LAB_OPERATOR(Register_EXP, EXP, 1, "FLOAT32") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, exp::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
