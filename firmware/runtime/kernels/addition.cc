#include "runtime/kernels/addition.h"

#include <algorithm>

#include "tensorflow/lite/kernels/internal/quantization_util.h"
#include "tensorflow/lite/kernels/kernel_util.h"

namespace lab::kernels {
namespace {

Factor factor(double real) {
  Factor found = {};
  tflite::QuantizeMultiplierSmallerThanOneExp(real, &found.multiplier, &found.shift);
  return found;
}

}  // namespace

TfLiteStatus prepare_addition(TfLiteContext* context, const TfLiteNode* node, Addition& addition) {
  const auto first = PreparedTensor::input(context, node, 0);
  const auto second = PreparedTensor::input(context, node, 1);
  const auto output = PreparedTensor::output(context, node, 0);
  const double scales[] = {first->params.scale, second->params.scale};
  const double common = 2 * std::max(scales[0], scales[1]);
  addition.first = factor(scales[0] / common);
  addition.second = factor(scales[1] / common);
  addition.output = factor(common / ((1 << Addition::kLeftShift) * static_cast<double>(output->params.scale)));
  addition.first_offset = -first->params.zero_point;
  addition.second_offset = -second->params.zero_point;
  addition.output_offset = output->params.zero_point;
  return tflite::CalculateActivationRangeQuantized(context, parameters<TfLiteAddParams>(node).activation, output.get(),
                                                   &addition.lowest, &addition.highest);
}

}  // namespace lab::kernels
