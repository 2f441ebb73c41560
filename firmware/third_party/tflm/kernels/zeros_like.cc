// ZEROS_LIKE: zeros in the shape of a tensor.

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace zeros_like {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  TfLiteTensor* output = GetOutput(context, node, 0);
  std::memset(output->data.raw, 0, output->bytes);
  return kTfLiteOk;
}

}  // namespace
}  // namespace zeros_like

LAB_OPERATOR(Register_ZEROS_LIKE, ZEROS_LIKE, 1, "FLOAT32 INT32 INT64 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t, int32_t, int64_t>,
                                            zeros_like::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
