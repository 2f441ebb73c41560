// The operators that the model uses, and no others: what is not registered is not linked.
#pragma once

#include "runtime/tflm.h"

namespace lab {

// The resolver with model_operators.h registered.
const tflite::MicroOpResolver& model_operators();

// The operator's name in the schema.
const char* operator_name(int32_t builtin_code);

// The name of the first operator of the model that is not registered, or nullptr.
const char* unregistered_operator(const tflite::Model& model, const tflite::MicroOpResolver& resolver);

}  // namespace lab
