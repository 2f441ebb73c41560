// int8 MUL as fixed-point numbers, whoever computes it.
#pragma once

#include "runtime/kernels/elementwise.h"

namespace lab::kernels {

struct Multiplication {
  int32_t multiplier;
  int shift;
  int32_t first_offset;
  int32_t second_offset;
  int32_t output_offset;
  int32_t lowest;
  int32_t highest;
};

TfLiteStatus prepare_multiplication(TfLiteContext* context, const TfLiteNode* node, Multiplication& multiplication);

}  // namespace lab::kernels
