// SELECT_V2: from one tensor or another, as booleans say. All three are broadcast.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace select {
namespace {

template <typename Element>
void take(const TfLiteTensor* condition, bool when, const TfLiteTensor* from, TfLiteTensor* output) {
  Element* to = data_of<Element>(output);
  walk(broadcast(output->dims, condition->dims, from->dims), [&](int chosen, int at) {
    if (data_of<bool>(condition)[chosen] == when) {
      *to = data_of<Element>(from)[at];
    }
    ++to;
  });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* condition = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  return with_width_of(context, output, [&](auto element) {
    take<decltype(element)>(condition, true, GetInput(context, node, 1), output);
    take<decltype(element)>(condition, false, GetInput(context, node, 2), output);
  });
}

}  // namespace
}  // namespace select

LAB_OPERATOR(Register_SELECT_V2, SELECT_V2, 1, "input 1: FLOAT32 INT16 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<1, float, int8_t, int16_t>, select::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
