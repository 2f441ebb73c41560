// TILE: a tensor over and over along its dimensions.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace tile {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const TfLiteIntArray& from = *input->dims;
  TF_LITE_ENSURE(context, 2 * from.size <= kMostAxes);
  TF_LITE_ENSURE_EQ(context, from.size, output->dims->size);
  Axes<1> axes;
  for (int i = 0; i < from.size; ++i) {
    axes.add(output->dims->data[i] / from.data[i], {0});
    axes.add(from.data[i], {step_of(&from, i)});
  }
  return gather_by_steps(context, input, axes, 0, output);
}

}  // namespace
}  // namespace tile

LAB_OPERATOR(Register_TILE, TILE, 2, "BOOL FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, tile::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
