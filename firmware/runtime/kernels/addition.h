// int8 ADD as fixed-point numbers, whoever computes it.
#pragma once

#include "runtime/kernels/elementwise.h"

namespace lab::kernels {

struct Factor {
  int32_t multiplier;
  int shift;
};

struct Addition {
  static constexpr int kLeftShift = 20;

  Factor first;
  Factor second;
  Factor output;
  int32_t first_offset;
  int32_t second_offset;
  int32_t output_offset;
  int32_t lowest;
  int32_t highest;
};

TfLiteStatus prepare_addition(TfLiteContext* context, const TfLiteNode* node, Addition& addition);

}  // namespace lab::kernels
