// A model from int8 values to int8 values: features in, what the decision makes scores of out.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/network.h"

namespace lab {

class Int8Model {
 public:
  // Loads the model and checks that it takes `inputs` and gives `outputs` int8 values. Does not return if anything is
  // wrong: the `error` line then says what.
  void start(size_t inputs, size_t outputs);

  // One inference, between its two marks. Returns the core's cycles.
  uint32_t infer(const int8_t* input, int8_t* output);

  const Network& network() const { return network_; }

 private:
  Network network_;
  int8_t* input_ = nullptr;
  const int8_t* output_ = nullptr;
  size_t inputs_ = 0;
  size_t outputs_ = 0;
};

}  // namespace lab
