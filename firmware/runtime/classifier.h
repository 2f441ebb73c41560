// The model in flash, its arena and its interpreter.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

class Classifier {
 public:
  // Loads the model and checks that it takes `inputs` and gives `outputs` int8 values. Does not return if anything is
  // wrong: the `error` line then says what.
  void start(size_t inputs, size_t outputs);

  // One inference, between its two marks. Returns the core's cycles.
  uint32_t infer(const int8_t* input, int8_t* output);

  uint32_t arena_used() const;
  uint32_t arena_size() const;
  uint32_t model_crc() const;

 private:
  int8_t* input_ = nullptr;
  const int8_t* output_ = nullptr;
  size_t inputs_ = 0;
  size_t outputs_ = 0;
  uint32_t arena_used_ = 0;
};

}  // namespace lab
