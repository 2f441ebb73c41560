// ABS of int8 and int16, which TensorFlow writes today. The crate's is for floats.

#include "elementwise.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"

namespace tflite {
namespace ops {
namespace micro {
namespace abs {
namespace {

template <typename T>
void run(const TfLiteTensor* input, TfLiteTensor* output) {
  const bool same_scale = input->params.scale == output->params.scale;
  const Scaling scaling(scale_of(input) / scale_of(output));
  for_each_element<T>(input, output, [&](T value) {
    const int32_t distance = std::abs(value - input->params.zero_point);
    return saturated<T>((same_scale ? distance : scaling(distance)) + output->params.zero_point);
  });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  if (input->type == kTfLiteFloat32) {
    return Register_ABS()->invoke(context, node);
  }
  return with_type_of<int8_t, int16_t>(context, input,
                                       [&](auto type) { run<decltype(type)>(input, GetOutput(context, node, 0)); });
}

}  // namespace
}  // namespace abs

LAB_OPERATOR(Register_ABS_QUANTISED, ABS, 4, "FLOAT32 INT16 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t, int16_t>, abs::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
