#include "runtime/kernels/int8_softmax.h"

#include "tensorflow/lite/kernels/internal/quantization_util.h"

namespace lab::kernels {
namespace {

constexpr int kDifferenceIntegerBits = 5;
constexpr int32_t kOutputZeroPoint = -128;
constexpr float kOutputScale = 1.0f / 256;

}  // namespace

bool is_int8_softmax(TfLiteContext* context, const TfLiteNode* node) {
  const auto input = PreparedTensor::input(context, node, 0);
  const auto output = PreparedTensor::output(context, node, 0);
  return input->type == kTfLiteInt8 && output->type == kTfLiteInt8 && input->dims->size >= 1 &&
         output->params.zero_point == kOutputZeroPoint && output->params.scale == kOutputScale;
}

TfLiteStatus prepare_softmax(TfLiteContext* context, const TfLiteNode* node, Int8Softmax& softmax) {
  const auto input = PreparedTensor::input(context, node, 0);
  tflite::PreprocessSoftmaxScaling(static_cast<double>(parameters<TfLiteSoftmaxParams>(node).beta),
                                   static_cast<double>(input->params.scale), kDifferenceIntegerBits,
                                   &softmax.multiplier, &softmax.shift);
  softmax.lowest_difference = -tflite::CalculateInputRadius(kDifferenceIntegerBits, softmax.shift);
  return kTfLiteOk;
}

}  // namespace lab::kernels
