#include "runtime/int8_model.h"

#include <cstring>

#include "runtime/start_error.h"

namespace lab {
namespace {

bool holds(const TfLiteTensor* tensor, size_t values) {
  return tensor != nullptr && tensor->type == kTfLiteInt8 && tensor->bytes == values;
}

}  // namespace

void Int8Model::start(size_t inputs, size_t outputs) {
  network_.start();
  if (network_.inputs() != 1 || !holds(network_.input(0), inputs)) {
    stop_with_error("input", "The model does not take the int8 values that the features have");
  }
  if (network_.outputs() != 1 || !holds(network_.output(0), outputs)) {
    stop_with_error("model", "The model does not give the int8 values that the decision takes");
  }
  input_ = network_.input(0)->data.int8;
  output_ = network_.output(0)->data.int8;
  inputs_ = inputs;
  outputs_ = outputs;
}

uint32_t Int8Model::infer(const int8_t* input, int8_t* output) {
  std::memcpy(input_, input, inputs_);
  const uint32_t cycles = network_.invoke();
  std::memcpy(output, output_, outputs_);
  return cycles;
}

}  // namespace lab
