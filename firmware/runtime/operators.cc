#include "runtime/operators.h"

#include <algorithm>

namespace lab {
namespace {

#if LAB_TFLM_OF_TODAY

// X(name, method, registration, highest version)
#define X(...) +1
constexpr unsigned kRegistrations =
#include "model_operators.h"
    ;
#undef X

using Resolver = tflite::MicroMutableOpResolver<kRegistrations>;

void add_operators(Resolver& resolver) {
#define X(name, method, registration, version) resolver.method();
#include "model_operators.h"
#undef X
}

// Codes above 127 do not fit the older field.
int32_t builtin_code(const tflite::OperatorCode& code) {
  return std::max<int32_t>(code.builtin_code(), code.deprecated_builtin_code());
}

const tflm::Registration* find(const tflite::MicroOpResolver& resolver, const tflite::OperatorCode& code) {
  return resolver.FindOp(static_cast<tflite::BuiltinOperator>(builtin_code(code)));
}

#else

// The crate keeps one registration for each version.
#define X(name, method, registration, version) +version
constexpr unsigned kRegistrations =
#include "model_operators.h"
    ;
#undef X

using Resolver = tflite::MicroMutableOpResolver<kRegistrations>;

void add_operators(Resolver& resolver) {
#define X(name, method, registration, version) \
  resolver.AddBuiltin(tflite::BuiltinOperator_##name, tflite::ops::micro::registration(), 1, version);
#include "model_operators.h"
#undef X
}

int32_t builtin_code(const tflite::OperatorCode& code) { return code.builtin_code(); }

const tflm::Registration* find(const tflite::MicroOpResolver& resolver, const tflite::OperatorCode& code) {
  return resolver.FindOp(code.builtin_code(), code.version());
}

#endif

}  // namespace

const tflite::MicroOpResolver& model_operators() {
  static Resolver resolver;
  static bool complete = false;
  if (!complete) {
    add_operators(resolver);
    complete = true;
  }
  return resolver;
}

const char* operator_name(int32_t builtin_code) {
  return tflite::EnumNameBuiltinOperator(static_cast<tflite::BuiltinOperator>(builtin_code));
}

const char* unregistered_operator(const tflite::Model& model, const tflite::MicroOpResolver& resolver) {
  for (const tflite::OperatorCode* code : *model.operator_codes()) {
    if (find(resolver, *code) == nullptr) {
      return code->custom_code() != nullptr ? code->custom_code()->c_str() : operator_name(builtin_code(*code));
    }
  }
  return nullptr;
}

}  // namespace lab
