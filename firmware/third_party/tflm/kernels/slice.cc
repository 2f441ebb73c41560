// SLICE: a block of a tensor.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace slice {
namespace {

int64_t value_at(const TfLiteTensor* tensor, int i) {
  return tensor->type == kTfLiteInt64 ? data_of<int64_t>(tensor)[i] : data_of<int32_t>(tensor)[i];
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const TfLiteTensor* begin = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  Axes<1> axes;
  int first = 0;
  for (int i = 0; i < input->dims->size; ++i) {
    const int64_t start = value_at(begin, i);
    const int extent = output->dims->data[i];
    TF_LITE_ENSURE(context, start >= 0 && start + extent <= input->dims->data[i]);
    const int step = step_of(input->dims, i);
    first += static_cast<int>(start) * step;
    axes.add(extent, {step});
  }
  return gather_by_steps(context, input, axes, first, output);
}

}  // namespace
}  // namespace slice

LAB_OPERATOR(Register_SLICE, SLICE, 6, "BOOL FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, slice::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
