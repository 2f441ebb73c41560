// Runs the model once on what the test has put into its inputs, and says where the outputs are.
#include <cstdint>
#include <new>

#include "arena_config.h"
#include "runtime/board.h"
#include "runtime/complaints.h"
#include "runtime/json_line.h"
#include "runtime/operators.h"
#include "runtime/start_error.h"
#include "runtime/tflm.h"

extern "C" {
extern const uint8_t lab_model[];
volatile uint32_t test_inputs_are_set = 0;
}

namespace {

alignas(16) uint8_t arena[workload::kArenaBytes];
alignas(lab::tflm::Interpreter) uint8_t storage[sizeof(lab::tflm::Interpreter)];

void say_where(const char* event, const TfLiteTensor* tensor) {
  lab::JsonLine line(event);
  line.hex("address", reinterpret_cast<uintptr_t>(tensor->data.data)).number("bytes", tensor->bytes);
  line.send();
}

}  // namespace

int main() {
  board::start();
  auto& interpreter =
      *new (storage) lab::tflm::Interpreter(tflite::GetModel(lab_model), lab::model_operators(), arena, sizeof(arena));
  if (interpreter.AllocateTensors() != kTfLiteOk) {
    lab::stop_with_error("model", lab::first_complaint());
  }
  for (size_t i = 0; i < interpreter.inputs_size(); ++i) {
    say_where("input", interpreter.input(i));
  }
  for (size_t i = 0; i < interpreter.outputs_size(); ++i) {
    say_where("output", interpreter.output(i));
  }
  lab::JsonLine("ready").send();
  while (test_inputs_are_set == 0) {
  }
  if (interpreter.Invoke() != kTfLiteOk) {
    lab::stop_with_error("model", lab::first_complaint());
  }
  lab::JsonLine("done").send();
  board::park();
}
