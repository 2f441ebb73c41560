// RSQRT of int8, which TensorFlow writes today. The crate's is for floats.

#include "elementwise.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"

namespace tflite {
namespace ops {
namespace micro {
namespace rsqrt {
namespace {

constexpr int kShift = 20;  // keeps a root below one an integer

TfLiteStatus run(TfLiteContext* context, const TfLiteTensor* input, TfLiteTensor* output) {
  const Scaling scaling(1.0 / static_cast<double>(std::sqrt(input->params.scale) * output->params.scale));
  const Scaling shifted(scaling.multiplier(), scaling.shift() - kShift);
  const int8_t* from = data_of<int8_t>(input);
  int8_t* to = data_of<int8_t>(output);
  for (int64_t i = 0; i < NumElements(input); ++i) {
    const int32_t value = from[i] - input->params.zero_point;
    TF_LITE_ENSURE_MSG(context, value >= 0, "Rsqrt is only defined for positive values");
    if (value == 0) {
      to[i] = std::numeric_limits<int8_t>::max();
      continue;
    }
    int32_t multiplier;
    int shift;
    GetInvSqrtQuantizedMultiplierExp(value, -1, &multiplier, &shift);
    const int32_t root = Scaling(multiplier, shift + kShift)(int32_t{1});
    to[i] = saturated<int8_t>(shifted(root) + output->params.zero_point);
  }
  return kTfLiteOk;
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  return input->type == kTfLiteInt8 ? run(context, input, GetOutput(context, node, 0))
                                    : Register_RSQRT()->invoke(context, node);
}

}  // namespace
}  // namespace rsqrt

LAB_OPERATOR(Register_RSQRT_QUANTISED, RSQRT, 2, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t>, rsqrt::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
