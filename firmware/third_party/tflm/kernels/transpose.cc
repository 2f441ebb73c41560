// TRANSPOSE: the dimensions in another order.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace transpose {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const int32_t* order = data_of<int32_t>(GetInput(context, node, 1));
  TfLiteTensor* output = GetOutput(context, node, 0);
  Axes<1> axes;
  for (int i = 0; i < output->dims->size; ++i) {
    axes.add(output->dims->data[i], {step_of(input->dims, from_start(order[i], input->dims->size))});
  }
  return gather_by_steps(context, input, axes, 0, output);
}

}  // namespace
}  // namespace transpose

LAB_OPERATOR(Register_TRANSPOSE, TRANSPOSE, 6, "BOOL FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, transpose::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
