// int8 SOFTMAX over the last dimension as fixed-point numbers, whoever computes it.
#pragma once

#include "runtime/kernels/node.h"

namespace lab::kernels {

struct Int8Softmax {
  int32_t multiplier;
  int shift;
  int32_t lowest_difference;  // what lies further below a row's maximum counts as nothing
};

bool is_int8_softmax(TfLiteContext* context, const TfLiteNode* node);

TfLiteStatus prepare_softmax(TfLiteContext* context, const TfLiteNode* node, Int8Softmax& softmax);

}  // namespace lab::kernels
