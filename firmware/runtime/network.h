// The model in flash, its arena and its interpreter.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensorflow/lite/c/common.h"

namespace lab {

class Network {
 public:
  // Allocates the tensors. A model that cannot be run stops the device with an `error` line.
  void start();

  size_t inputs() const;
  size_t outputs() const;
  TfLiteTensor* input(size_t index);
  TfLiteTensor* output(size_t index);

  // One inference, between its marks. Returns the cycles that the core counted.
  uint32_t invoke();

  uint32_t arena_used() const;  // bytes, as the two below
  uint32_t arena_size() const;
  static uint32_t model_crc();

 private:
  uint32_t arena_used_ = 0;
};

}  // namespace lab
