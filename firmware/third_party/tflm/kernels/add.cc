// The crate's ADD, with int16 and int32 besides float and 8 bits.

#define Register_ADD Register_ADD_OF_CRATE
#include "tensorflow/lite/micro/kernels/add.cc"
#undef Register_ADD

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace add {
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

TfLiteStatus EvalMended(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* one = GetInput(context, node, kInputTensor1);
  const TfLiteTensor* other = GetInput(context, node, kInputTensor2);
  TfLiteTensor* output = GetOutput(context, node, kOutputTensor);
  const TfLiteFusedActivation activation = parameters<TfLiteAddParams>(node).activation;
  switch (output->type) {
    case kTfLiteInt16:
      return add_int16(context, activation, one, other, output);
    case kTfLiteInt32:
      for_each_plain_pair<int32_t>(one, other, output, activation, [](int32_t a, int32_t b) { return a + b; });
      return kTfLiteOk;
    default:
      return Eval(context, node);
  }
}

}  // namespace
}  // namespace add

LAB_OPERATOR(Register_ADD, ADD, 4, "FLOAT32 INT16 INT32 INT8 UINT8") {
  static TfLiteRegistration registration = *Register_ADD_OF_CRATE();
  registration.invoke = add::EvalMended;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
