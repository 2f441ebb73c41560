// LOG_SOFTMAX of floats.

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace log_softmax {
namespace {

void run(const TfLiteTensor* input, TfLiteTensor* output) {
  const int depth = input->dims->data[input->dims->size - 1];
  const float* end = data_of<float>(input) + NumElements(input);
  float* to = data_of<float>(output);
  for (const float* row = data_of<float>(input); row < end; row += depth) {
    const float largest = *std::max_element(row, row + depth);
    float sum = 0;
    for (int i = 0; i < depth; ++i) {
      sum += std::exp(row[i] - largest);
    }
    const float logarithm = std::log(sum);
    to = std::transform(row, row + depth, to, [&](float value) { return value - largest - logarithm; });
  }
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  if (input->type != kTfLiteFloat32) {
    return refuse(context, input);
  }
  run(input, GetOutput(context, node, 0));
  return kTfLiteOk;
}

}  // namespace
}  // namespace log_softmax

LAB_OPERATOR(Register_LOG_SOFTMAX, LOG_SOFTMAX, 1, "FLOAT32") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, log_softmax::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
