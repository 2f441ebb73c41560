// SPACE_TO_DEPTH: blocks of an image become channels.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace space_to_depth {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const int block = parameters<TfLiteSpaceToDepthParams>(node).block_size;
  const TfLiteIntArray* made = output->dims;
  const int row = step_of(input->dims, 1), column = step_of(input->dims, 2);
  Axes<1> axes;
  axes.add(made->data[0], {step_of(input->dims, 0)});
  axes.add(made->data[1], {block * row});
  axes.add(made->data[2], {block * column});
  axes.add(block, {row});
  axes.add(block, {column});
  axes.add(input->dims->data[3], {1});
  return gather_by_steps(context, input, axes, 0, output);
}

}  // namespace
}  // namespace space_to_depth

LAB_OPERATOR(Register_SPACE_TO_DEPTH, SPACE_TO_DEPTH, 2, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t>, space_to_depth::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
