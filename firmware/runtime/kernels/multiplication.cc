#include "runtime/kernels/multiplication.h"

#include "tensorflow/lite/kernels/internal/quantization_util.h"
#include "tensorflow/lite/kernels/kernel_util.h"

namespace lab::kernels {

TfLiteStatus prepare_multiplication(TfLiteContext* context, const TfLiteNode* node, Multiplication& multiplication) {
  const auto first = PreparedTensor::input(context, node, 0);
  const auto second = PreparedTensor::input(context, node, 1);
  const auto output = PreparedTensor::output(context, node, 0);
  const double real = static_cast<double>(first->params.scale) * static_cast<double>(second->params.scale) /
                      static_cast<double>(output->params.scale);
  tflite::QuantizeMultiplier(real, &multiplication.multiplier, &multiplication.shift);
  multiplication.first_offset = -first->params.zero_point;
  multiplication.second_offset = -second->params.zero_point;
  multiplication.output_offset = output->params.zero_point;
  return tflite::CalculateActivationRangeQuantized(context, parameters<TfLiteMulParams>(node).activation, output.get(),
                                                   &multiplication.lowest, &multiplication.highest);
}

}  // namespace lab::kernels
