// REVERSE_V2: some dimensions backwards.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace reverse {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const TfLiteTensor* backwards = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  uint32_t chosen = 0;
  for (int i = 0; i < NumElements(backwards); ++i) {
    chosen |= 1u << from_start(data_of<int32_t>(backwards)[i], input->dims->size);
  }
  Axes<1> axes;
  int first = 0;
  for (int i = 0; i < input->dims->size; ++i) {
    const int step = step_of(input->dims, i);
    const bool reversed = (chosen >> i & 1) != 0;
    first += reversed ? (input->dims->data[i] - 1) * step : 0;
    axes.add(input->dims->data[i], {reversed ? -step : step});
  }
  return gather_by_steps(context, input, axes, first, output);
}

}  // namespace
}  // namespace reverse

LAB_OPERATOR(Register_REVERSE_V2, REVERSE_V2, 3, "BOOL FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, reverse::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
