// TFLM's interpreter, whichever of its two APIs the tree has. It takes long to compile: for a tensor alone include
// tensorflow/lite/c/common.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/tflm_api.h"
#include "tensorflow/lite/micro/memory_helpers.h"
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "tensorflow/lite/schema/schema_generated.h"

#if LAB_TFLM_OF_TODAY
#include "tensorflow/lite/micro/micro_resource_variable.h"
#else
#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "tensorflow/lite/micro/micro_error_reporter.h"
#include "tensorflow/lite/version.h"
#endif

namespace lab::tflm {

struct Bytes {
  const void* data;
  size_t size;
};

#if LAB_TFLM_OF_TODAY

using Registration = TFLMRegistration;
using Parser = tflite::TfLiteBridgeBuiltinParseFunction;
using ChannelShift = int32_t;  // of PopulateConvolutionQuantizationParams

// Nothing where the operator gives no value, or a variable's handle.
inline Bytes output_of(TfLiteContext* context, const TfLiteNode* node) {
  if (node->outputs->size == 0) {
    return {nullptr, 0};
  }
  const TfLiteEvalTensor* tensor = context->GetEvalTensor(context, node->outputs->data[0]);
  if (tensor->type == kTfLiteResource) {
    return {nullptr, 0};
  }
  size_t size = 0;
  tflite::TfLiteEvalTensorByteLength(tensor, &size);
  return {tensor->data.raw, size};
}

#else

using Registration = TfLiteRegistration;
using Parser = tflite::MicroOpResolver::BuiltinParseFunction;
using ChannelShift = int;

inline Bytes output_of(TfLiteContext* context, const TfLiteNode* node) {
  const TfLiteTensor& tensor = context->tensors[node->outputs->data[0]];
  return {tensor.data.raw, tensor.bytes};
}

inline tflite::ErrorReporter& error_reporter() {
  static tflite::MicroErrorReporter reporter;
  return reporter;
}

#endif

// The interpreter with the constructor that both APIs can be given.
class Interpreter : public tflite::MicroInterpreter {
 public:
#if LAB_TFLM_OF_TODAY
  Interpreter(const tflite::Model* model, const tflite::MicroOpResolver& resolver, uint8_t* arena, size_t arena_size)
      : Interpreter(model, resolver, tflite::MicroAllocator::Create(arena, arena_size)) {}

 private:
  Interpreter(const tflite::Model* model, const tflite::MicroOpResolver& resolver, tflite::MicroAllocator* allocator)
      : MicroInterpreter(model, resolver, allocator, variables(*model, allocator)) {}

  // Room for those that the model keeps from one inference to the next; none for a model without.
  static tflite::MicroResourceVariables* variables(const tflite::Model& model, tflite::MicroAllocator* allocator) {
    int handles = 0;
    for (const tflite::SubGraph* graph : *model.subgraphs()) {
      for (const tflite::Operator* used : *graph->operators()) {
        const tflite::OperatorCode& code = *model.operator_codes()->Get(used->opcode_index());
        handles += code.builtin_code() == tflite::BuiltinOperator_VAR_HANDLE;
      }
    }
    return handles == 0 ? nullptr : tflite::MicroResourceVariables::Create(allocator, handles);
  }
#else
  Interpreter(const tflite::Model* model, const tflite::MicroOpResolver& resolver, uint8_t* arena, size_t arena_size)
      : MicroInterpreter(model, resolver, arena, arena_size, &error_reporter()) {}
#endif
};

}  // namespace lab::tflm
