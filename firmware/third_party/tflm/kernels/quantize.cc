// QUANTIZE from floats to 8 bits. The crate's allocates memory in preparation.

#include "quantize.h"

namespace tflite {
namespace ops {
namespace micro {
namespace quantize {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  if (input->type != kTfLiteFloat32) {
    return refuse(context, input);
  }
  return from_float<int8_t, uint8_t>(context, input, GetOutput(context, node, 0));
}

}  // namespace
}  // namespace quantize

LAB_OPERATOR(Register_QUANTIZE, QUANTIZE, 3, "FLOAT32>INT8 FLOAT32>UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, quantize::Prepare, quantize::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
