// Room in the arena for the length of one operator.
#pragma once

#include "runtime/kernels/node.h"

namespace lab::kernels {

class Scratch {
 public:
  // For preparation.
  TfLiteStatus request(TfLiteContext* context, size_t bytes);

  // For the inference: what was requested, nullptr if that was nothing.
  void* get(TfLiteContext* context) const;

 private:
#if LAB_TFLM_OF_TODAY
  static constexpr int kNone = -1;
  int index_ = kNone;
#endif
};

}  // namespace lab::kernels
