// FILL: one value everywhere.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace fill {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* value = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  Axes<1> axes;
  axes.add(static_cast<int>(NumElements(output)), {0});
  return gather_by_steps(context, value, axes, 0, output);
}

}  // namespace
}  // namespace fill

LAB_OPERATOR(Register_FILL, FILL, 3, "input 1: FLOAT32 INT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<1, float, int8_t, int32_t>, fill::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
