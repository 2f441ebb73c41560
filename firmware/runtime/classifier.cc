#include "runtime/classifier.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "runtime/board.h"
#include "runtime/complaints.h"
#include "runtime/crc32.h"
#include "runtime/marks.h"
#include "runtime/operator_trace.h"
#include "runtime/operators.h"
#include "runtime/parameters.h"
#include "runtime/start_error.h"
#include "runtime/tflm.h"
#include "workload_config.h"

extern "C" {
extern const uint8_t lab_model[];
extern const uint8_t lab_model_end[];
}

namespace lab {
namespace {

alignas(16) uint8_t arena[workload::kArenaBytes];

// Made at start-up, when the parameters are known, and never destroyed.
alignas(TracingResolver) uint8_t tracing_storage[sizeof(TracingResolver)];
alignas(tflm::Interpreter) uint8_t interpreter_storage[sizeof(tflm::Interpreter)];
tflm::Interpreter* interpreter = nullptr;

size_t model_size() { return static_cast<size_t>(lab_model_end - lab_model); }

const tflite::Model& checked_model() {
  if (model_size() < 8 || !tflite::ModelBufferHasIdentifier(lab_model)) {
    stop_with_error("model", "What is in flash is not a .tflite model");
  }
  const tflite::Model& model = *tflite::GetModel(lab_model);
  if (model.version() != TFLITE_SCHEMA_VERSION) {
    stop_with_error("model", "The model is of another schema version than TFLM's");
  }
  if (model.operator_codes() == nullptr || model.subgraphs() == nullptr || model.subgraphs()->size() != 1) {
    stop_with_error("model", "The model does not have operators and exactly one subgraph");
  }
  return model;
}

const tflite::MicroOpResolver& checked_operators(const tflite::Model& model) {
  const tflite::MicroOpResolver& operators = model_operators();
  if (const char* name = unregistered_operator(model, operators)) {
    stop_with_error("operator", "This firmware has no operator ", name);
  }
  if (parameters().trace_operators == 0) {
    return operators;
  }
  return *new (tracing_storage) TracingResolver(operators, parameters().stop_after_operator);
}

// TFLM reports by its status only that it failed; its first words tell a lack of memory from a model that it refuses.
[[noreturn]] void stop_with_complaint() {
  const char* complaint = first_complaint();
  const auto says = [complaint](const char* words) { return std::strstr(complaint, words) != nullptr; };
  const bool memory = says("allocat") || says("Arena") || says("resize buffer");
  stop_with_error(memory ? "arena" : "model", complaint);
}

bool holds(const TfLiteTensor* tensor, size_t values) {
  return tensor != nullptr && tensor->type == kTfLiteInt8 && tensor->bytes == values;
}

}  // namespace

void Classifier::start(size_t inputs, size_t outputs) {
  const tflite::Model& model = checked_model();
  const tflite::MicroOpResolver& operators = checked_operators(model);
  interpreter = new (interpreter_storage) tflm::Interpreter(&model, operators, arena, arena_size());
  if (interpreter->initialization_status() != kTfLiteOk || interpreter->AllocateTensors() != kTfLiteOk) {
    stop_with_complaint();
  }
  if (interpreter->inputs_size() != 1 || !holds(interpreter->input(0), inputs)) {
    stop_with_error("input", "The model does not take int8 features of the size that the frontend makes");
  }
  if (interpreter->outputs_size() != 1 || !holds(interpreter->output(0), outputs)) {
    stop_with_error("model", "The model does not give one int8 score for each label");
  }
  input_ = interpreter->input(0)->data.int8;
  output_ = interpreter->output(0)->data.int8;
  inputs_ = inputs;
  outputs_ = outputs;
  arena_used_ = interpreter->arena_used_bytes();  // the crate logs it when asked
  forget_complaints();
}

uint32_t Classifier::infer(const int8_t* input, int8_t* output) {
  std::memcpy(input_, input, inputs_);
  TracingResolver::restart();

  lab_mark(mark::kInferenceBegins);
  const uint32_t began = board::cycles();
  const TfLiteStatus status = interpreter->Invoke();
  const uint32_t cycles = board::cycles() - began;
  lab_mark(mark::kInferenceEnded);

  if (status != kTfLiteOk) {
    stop_with_complaint();
  }
  std::memcpy(output, output_, outputs_);
  return cycles;
}

uint32_t Classifier::arena_used() const { return arena_used_; }

uint32_t Classifier::arena_size() const { return std::min<uint32_t>(parameters().arena_bytes, sizeof(arena)); }

uint32_t Classifier::model_crc() const { return crc32(lab_model, model_size()); }

}  // namespace lab
