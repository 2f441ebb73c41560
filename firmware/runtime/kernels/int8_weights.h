// What operators with int8 weights share: CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED. Their tensors are input,
// filter and, unless it is left out, bias.
#pragma once

#include "runtime/kernels/node.h"

namespace lab::kernels {

// Fixed-point factors for each output channel; what is added to the input and to the output; the output's bounds.
struct ChannelQuantisation {
  int32_t* multipliers;
  int32_t* shifts;
  int32_t input_offset;
  int32_t output_offset;
  int32_t lowest;
  int32_t highest;
};

// Whether input and output are int8, weights int8 around zero, and the bias, if there is one, of 32 bits.
bool has_int8_weights(TfLiteContext* context, const TfLiteNode* node);

bool has_scale_for_each_channel(TfLiteContext* context, const TfLiteNode* node);

TfLiteStatus prepare_channels(TfLiteContext* context, const TfLiteNode* node, TfLiteFusedActivation activation,
                              int channels, ChannelQuantisation& quantisation);

}  // namespace lab::kernels
