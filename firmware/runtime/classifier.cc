#include "runtime/classifier.h"

#include <cstring>

#include "runtime/start_error.h"

namespace lab {
namespace {

bool holds(const TfLiteTensor* tensor, size_t values) {
  return tensor != nullptr && tensor->type == kTfLiteInt8 && tensor->bytes == values;
}

}  // namespace

void Classifier::start(size_t inputs, size_t outputs) {
  network_.start();
  if (network_.inputs() != 1 || !holds(network_.input(0), inputs)) {
    stop_with_error("input", "The model does not take int8 features of the size that the frontend makes");
  }
  if (network_.outputs() != 1 || !holds(network_.output(0), outputs)) {
    stop_with_error("model", "The model does not give one int8 score for each label");
  }
  input_ = network_.input(0)->data.int8;
  output_ = network_.output(0)->data.int8;
  inputs_ = inputs;
  outputs_ = outputs;
}

uint32_t Classifier::infer(const int8_t* input, int8_t* output) {
  std::memcpy(input_, input, inputs_);
  const uint32_t cycles = network_.invoke();
  std::memcpy(output, output_, outputs_);
  return cycles;
}

}  // namespace lab
