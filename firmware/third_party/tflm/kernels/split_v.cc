// SPLIT_V: one tensor into several along a dimension, of sizes that are given.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace split_v {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const int axis = from_start(*data_of<int32_t>(GetInput(context, node, 2)), input->dims->size);
  const size_t step = step_of(input->dims, axis) * (input->bytes / NumElements(input));
  const size_t whole = input->dims->data[axis] * step;
  size_t offset = 0;
  for (int i = 0; i < NumOutputs(node); ++i) {
    TfLiteTensor* output = GetOutput(context, node, i);
    const size_t part = output->dims->data[axis] * step;
    char* to = output->data.raw;
    for (size_t from = offset; from < input->bytes; from += whole, to += part) {
      std::memcpy(to, input->data.raw + from, part);
    }
    offset += part;
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace split_v

LAB_OPERATOR(Register_SPLIT_V, SPLIT_V, 2, "FLOAT32 INT16 INT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t, int16_t, int32_t>, split_v::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
