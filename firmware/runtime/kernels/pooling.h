// What AVERAGE_POOL_2D and MAX_POOL_2D share, whoever computes them.
#pragma once

#include "runtime/kernels/window.h"
#include "tensorflow/lite/kernels/kernel_util.h"

namespace lab::kernels {

struct Pool {
  Padding padding;
  int32_t lowest;
  int32_t highest;
};

inline bool is_int8_pool(TfLiteContext* context, const TfLiteNode* node) {
  const auto input = PreparedTensor::input(context, node, 0);
  const auto output = PreparedTensor::output(context, node, 0);
  return input->type == kTfLiteInt8 && output->type == kTfLiteInt8 && input->dims->size == 4;
}

inline TfLiteStatus prepare_pool(TfLiteContext* context, const TfLiteNode* node, Pool& pool) {
  const auto& parameters = kernels::parameters<TfLitePoolParams>(node);
  const auto input = PreparedTensor::input(context, node, 0);
  const auto output = PreparedTensor::output(context, node, 0);
  pool.padding = padding_of(parameters, *input->dims, parameters.filter_height, parameters.filter_width);
  return tflite::CalculateActivationRangeQuantized(context, parameters.activation, output.get(), &pool.lowest,
                                                   &pool.highest);
}

}  // namespace lab::kernels
