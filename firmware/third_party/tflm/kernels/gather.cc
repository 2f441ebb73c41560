// GATHER: slices along a dimension, in the order that indices say.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace gather {
namespace {

TfLiteStatus Prepare(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* indices = GetInput(context, node, 1);
  TF_LITE_ENSURE_EQ(context, indices->type, kTfLiteInt32);
  return Takes<0, float, int8_t>(context, node);
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const TfLiteTensor* indices = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const int axis = from_start(parameters<TfLiteGatherParams>(node).axis, input->dims->size);
  const int width = static_cast<int>(input->bytes / NumElements(input));
  const int slice = step_of(input->dims, axis) * width;
  const int extent = input->dims->data[axis];
  char* to = output->data.raw;
  for (const char* from = input->data.raw; from < input->data.raw + input->bytes; from += extent * slice) {
    for (int i = 0; i < NumElements(indices); ++i, to += slice) {
      const int32_t index = data_of<int32_t>(indices)[i];
      TF_LITE_ENSURE(context, 0 <= index && index < extent);
      std::memcpy(to, from + index * slice, slice);
    }
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace gather

LAB_OPERATOR(Register_GATHER, GATHER, 4, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, gather::Prepare, gather::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
