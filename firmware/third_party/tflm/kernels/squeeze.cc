// SQUEEZE: dimensions of one element left out, the same values.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace squeeze {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  return copy_bytes(context, GetInput(context, node, 0), GetOutput(context, node, 0));
}

}  // namespace
}  // namespace squeeze

LAB_OPERATOR(Register_SQUEEZE, SQUEEZE, 2, "BOOL FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, squeeze::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
