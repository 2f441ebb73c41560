// Room in the arena for the length of one operator.
#pragma once

#include "runtime/kernels/node.h"

namespace lab::kernels {

class Scratch {
 public:
  // For preparation: something else than scratch is about to be allocated.
  static void others_allocate();

  // For preparation.
  TfLiteStatus request(TfLiteContext* context, size_t bytes);

  // For the inference: what was requested, nullptr if that was nothing.
  void* get(TfLiteContext* context) const;

 private:
  static constexpr int kNone = -1;
  static constexpr int kShared = -2;

  int index_ = kNone;
};

}  // namespace lab::kernels
