#include "runtime/network.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "arena_config.h"
#include "runtime/board.h"
#include "runtime/complaints.h"
#include "runtime/crc32.h"
#include "runtime/marks.h"
#include "runtime/operator_trace.h"
#include "runtime/operators.h"
#include "runtime/parameters.h"
#include "runtime/start_error.h"
#include "runtime/tflm.h"

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
#if LAB_TFLM_OF_TODAY
  const bool has_graphs = model.subgraphs() != nullptr && model.subgraphs()->size() > 0;
  if (model.operator_codes() == nullptr || !has_graphs) {
    stop_with_error("model", "The model does not have operators and a subgraph");
  }
#else
  if (model.operator_codes() == nullptr || model.subgraphs() == nullptr || model.subgraphs()->size() != 1) {
    stop_with_error("model", "The model does not have operators and exactly one subgraph");
  }
#endif
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
  const bool memory = says("allocat") || says("Arena") || says("resize buffer") || says("Too many buffers");
  stop_with_error(memory ? "arena" : "model", complaint);
}

}  // namespace

void Network::start() {
  const tflite::Model& model = checked_model();
  const tflite::MicroOpResolver& operators = checked_operators(model);
  interpreter = new (interpreter_storage) tflm::Interpreter(&model, operators, arena, arena_size());
  if (interpreter->initialization_status() != kTfLiteOk || interpreter->AllocateTensors() != kTfLiteOk) {
    stop_with_complaint();
  }
  arena_used_ = interpreter->arena_used_bytes();  // the crate logs it when asked
  forget_complaints();
}

size_t Network::inputs() const { return interpreter->inputs_size(); }

size_t Network::outputs() const { return interpreter->outputs_size(); }

TfLiteTensor* Network::input(size_t index) { return interpreter->input(index); }

TfLiteTensor* Network::output(size_t index) { return interpreter->output(index); }

uint32_t Network::invoke() {
  TracingResolver::restart();

  lab_mark(mark::kInferenceBegins);
  const uint32_t began = board::cycles();
  const TfLiteStatus status = interpreter->Invoke();
  const uint32_t cycles = board::cycles() - began;
  lab_mark(mark::kInferenceEnded);

  if (status != kTfLiteOk) {
    stop_with_complaint();
  }
  return cycles;
}

uint32_t Network::arena_used() const { return arena_used_; }

uint32_t Network::arena_size() const { return std::min<uint32_t>(parameters().arena_bytes, sizeof(arena)); }

uint32_t Network::model_crc() { return crc32(lab_model, model_size()); }

}  // namespace lab
