// CONCATENATION of int16.

#include "move.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "walk.h"
#include "wide.h"

namespace tflite {
namespace ops {
namespace micro {
namespace concatenation_int16 {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  TfLiteTensor* output = GetOutput(context, node, 0);
  const int given = parameters<TfLiteConcatenationParams>(node).axis;
  const int axis = given < 0 ? given + output->dims->size : given;
  const int behind = step_of(output->dims, axis);
  const int row = behind * output->dims->data[axis];
  const int rows = static_cast<int>(NumElements(output)) / row;
  int16_t* to = data_of<int16_t>(output);
  for (int i = 0; i < NumInputs(node); ++i) {
    const TfLiteTensor* input = GetInput(context, node, i);
    const int count = behind * input->dims->data[axis];
    for (int n = 0; n < rows; ++n) {
      std::copy_n(data_of<int16_t>(input) + n * count, count, to + n * row);
    }
    to += count;
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace concatenation_int16

LAB_OPERATOR(Register_CONCATENATION_INT16, CONCATENATION, 3, "FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  return Wide<Register_CONCATENATION, concatenation_int16::Eval>::registration();
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
