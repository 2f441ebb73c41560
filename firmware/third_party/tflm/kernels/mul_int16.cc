// MUL of int16 and int32, besides what the crate has.

#include "elementwise.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"

namespace tflite {
namespace ops {
namespace micro {
namespace mul_int16 {
namespace {

TfLiteStatus multiply_int16(TfLiteContext* context, TfLiteFusedActivation activation, const TfLiteTensor* one,
                            const TfLiteTensor* other, TfLiteTensor* output) {
  Bounds bounds;
  TF_LITE_ENSURE_STATUS(bounds_of(context, activation, output, &bounds));
  const Scaling result(scale_of(one) * scale_of(other) / scale_of(output));
  for_each_pair<int16_t>(one, other, output, [&](int16_t a, int16_t b) { return bounds(result(int32_t{a} * b)); });
  return kTfLiteOk;
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* one = GetInput(context, node, 0);
  const TfLiteTensor* other = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const TfLiteFusedActivation activation = parameters<TfLiteMulParams>(node).activation;
  switch (output->type) {
    case kTfLiteInt16:
      return multiply_int16(context, activation, one, other, output);
    case kTfLiteInt32:
      for_each_plain_pair<int32_t>(one, other, output, activation, [](int32_t a, int32_t b) { return a * b; });
      return kTfLiteOk;
    default:
      return Register_MUL()->invoke(context, node);
  }
}

}  // namespace
}  // namespace mul_int16

LAB_OPERATOR(Register_MUL_INT16, MUL, 5, "FLOAT32 INT16 INT32 INT8 UINT8") {
  static TfLiteRegistration registration = *Register_MUL();
  registration.invoke = mul_int16::Eval;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
