// ADD of int16 and int32, besides what the crate has.

#include "elementwise.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"

namespace tflite {
namespace ops {
namespace micro {
namespace add_int16 {
namespace {

constexpr int kLeftShift = 15;

TfLiteStatus add_int16(TfLiteContext* context, TfLiteFusedActivation activation, const TfLiteTensor* one,
                       const TfLiteTensor* other, TfLiteTensor* output) {
  Bounds bounds;
  TF_LITE_ENSURE_STATUS(bounds_of(context, activation, output, &bounds));
  const double twice_larger = 2 * std::max(scale_of(one), scale_of(other));
  const CommonScale common(one, other, twice_larger, kLeftShift);
  const Scaling result(twice_larger / ((1 << kLeftShift) * scale_of(output)));
  for_each_pair<int16_t>(one, other, output, [&](int16_t a, int16_t b) {
    return bounds(result(common.of_first(a) + common.of_second(b)) + output->params.zero_point);
  });
  return kTfLiteOk;
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* one = GetInput(context, node, 0);
  const TfLiteTensor* other = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const TfLiteFusedActivation activation = parameters<TfLiteAddParams>(node).activation;
  switch (output->type) {
    case kTfLiteInt16:
      return add_int16(context, activation, one, other, output);
    case kTfLiteInt32:
      for_each_plain_pair<int32_t>(one, other, output, activation, [](int32_t a, int32_t b) { return a + b; });
      return kTfLiteOk;
    default:
      return Register_ADD()->invoke(context, node);
  }
}

}  // namespace
}  // namespace add_int16

LAB_OPERATOR(Register_ADD_INT16, ADD, 4, "FLOAT32 INT16 INT32 INT8 UINT8") {
  static TfLiteRegistration registration = *Register_ADD();
  registration.invoke = add_int16::Eval;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
