// BROADCAST_TO: a tensor repeated to a larger shape.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace broadcast_to {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const TfLiteIntArray& to = *output->dims;
  TF_LITE_ENSURE(context, to.size <= kMostAxes);
  Axes<1> axes;
  for (int i = 0; i < to.size; ++i) {
    axes.add(to.data[i], {broadcast_step(input->dims, to.size, i)});
  }
  return gather_by_steps(context, input, axes, 0, output);
}

}  // namespace
}  // namespace broadcast_to

LAB_OPERATOR(Register_BROADCAST_TO, BROADCAST_TO, 3, "BOOL FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, broadcast_to::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
