// What ADD and MUL share, whoever computes them: two int8 tensors of one shape.
#pragma once

#include "runtime/kernels/node.h"

namespace lab::kernels {

inline bool is_int8_elementwise(TfLiteContext* context, const TfLiteNode* node) {
  const auto first = PreparedTensor::input(context, node, 0);
  const auto second = PreparedTensor::input(context, node, 1);
  const auto output = PreparedTensor::output(context, node, 0);
  return first->type == kTfLiteInt8 && second->type == kTfLiteInt8 && output->type == kTfLiteInt8 &&
         TfLiteIntArrayEqual(first->dims, second->dims);
}

}  // namespace lab::kernels
