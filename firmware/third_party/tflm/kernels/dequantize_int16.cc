// DEQUANTIZE in the version that TensorFlow writes for int16.

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace dequantize_int16 {
namespace {

template <typename T>
void run(const TfLiteTensor* input, TfLiteTensor* output) {
  const T* from = data_of<T>(input);
  std::transform(from, from + NumElements(input), data_of<float>(output),
                 [&](T value) { return static_cast<float>(scale_of(input) * (value - input->params.zero_point)); });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  TF_LITE_ENSURE_EQ(context, output->type, kTfLiteFloat32);
  return with_type_of<int8_t, uint8_t, int16_t>(context, input, [&](auto type) { run<decltype(type)>(input, output); });
}

}  // namespace
}  // namespace dequantize_int16

LAB_OPERATOR(Register_DEQUANTIZE_INT16, DEQUANTIZE, 3, "INT16>FLOAT32 INT8>FLOAT32 UINT8>FLOAT32") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, dequantize_int16::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
