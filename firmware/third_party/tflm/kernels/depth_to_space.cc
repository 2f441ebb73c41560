// DEPTH_TO_SPACE: channels become blocks of an image.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace depth_to_space {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const int block = parameters<TfLiteDepthToSpaceParams>(node).block_size;
  const int channels = output->dims->data[3];
  Axes<1> axes;
  axes.add(input->dims->data[0], {step_of(input->dims, 0)});
  axes.add(input->dims->data[1], {step_of(input->dims, 1)});
  axes.add(block, {block * channels});
  axes.add(input->dims->data[2], {step_of(input->dims, 2)});
  axes.add(block, {channels});
  axes.add(channels, {1});
  return gather_by_steps(context, input, axes, 0, output);
}

}  // namespace
}  // namespace depth_to_space

LAB_OPERATOR(Register_DEPTH_TO_SPACE, DEPTH_TO_SPACE, 2, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t>, depth_to_space::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
