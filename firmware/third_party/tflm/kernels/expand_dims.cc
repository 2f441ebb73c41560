// EXPAND_DIMS: one more dimension, the same values.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace expand_dims {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  return copy_bytes(context, GetInput(context, node, 0), GetOutput(context, node, 0));
}

}  // namespace
}  // namespace expand_dims

LAB_OPERATOR(Register_EXPAND_DIMS, EXPAND_DIMS, 1, "BOOL FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, expand_dims::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
