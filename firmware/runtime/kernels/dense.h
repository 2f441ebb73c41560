// int8 FULLY_CONNECTED as fixed-point numbers, whoever computes it: one factor for all outputs, or one for each.
#pragma once

#include "runtime/kernels/int8_weights.h"

namespace lab::kernels {

struct Dense {
  ChannelQuantisation quantisation;  // without multipliers and shifts unless `by_channel`
  int32_t multiplier;
  int shift;
  bool by_channel;
};

TfLiteStatus prepare_dense(TfLiteContext* context, const TfLiteNode* node, Dense& dense);

}  // namespace lab::kernels
