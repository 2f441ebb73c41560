#include "runtime/operators.h"

#include <algorithm>

#include "runtime/kernels/registrations.h"

// model_operators.h has two kinds of lines:
//   TFLMS(name, method, registration, highest version)   an operator that TFLM's own kernel computes
//   OURS(name, method, function, highest version)        one of runtime/kernels

#if !LAB_TFLM_OF_TODAY
// The crate declares its own registrations, and none of those in third_party/tflm/kernels.
namespace tflite::ops::micro {
#define TFLMS(name, method, registration, version) TfLiteRegistration* registration();
#define OURS(...)
#include "model_operators.h"
#undef TFLMS
#undef OURS
}  // namespace tflite::ops::micro
#endif

namespace lab {
namespace {

#if LAB_TFLM_OF_TODAY

#define TFLMS(...) +1
#define OURS(...) +1
constexpr unsigned kRegistrations =
#include "model_operators.h"
    ;
#undef TFLMS
#undef OURS

using Resolver = tflite::MicroMutableOpResolver<kRegistrations>;

void add_operators(Resolver& resolver) {
#define TFLMS(name, method, registration, version) resolver.method();
#define OURS(name, method, function, version) resolver.method(kernels::function());
#include "model_operators.h"
#undef TFLMS
#undef OURS
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
#define TFLMS(name, method, registration, version) +version
#define OURS TFLMS
constexpr unsigned kRegistrations =
#include "model_operators.h"
    ;
#undef TFLMS
#undef OURS

using Resolver = tflite::MicroMutableOpResolver<kRegistrations>;

void add(Resolver& resolver, tflite::BuiltinOperator code, tflm::Registration registration, int highest_version) {
  resolver.AddBuiltin(code, &registration, 1, highest_version);
}

void add_operators(Resolver& resolver) {
#define TFLMS(name, method, registration, version) \
  add(resolver, tflite::BuiltinOperator_##name, *tflite::ops::micro::registration(), version);
#define OURS(name, method, function, version) \
  add(resolver, tflite::BuiltinOperator_##name, kernels::function(), version);
#include "model_operators.h"
#undef TFLMS
#undef OURS
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
  // Codes that no operator has are left in models by converters that took the operator out.
  for (const tflite::Operator* used : *model.subgraphs()->Get(0)->operators()) {
    const tflite::OperatorCode& code = *model.operator_codes()->Get(used->opcode_index());
    if (find(resolver, code) == nullptr) {
      return code.custom_code() != nullptr ? code.custom_code()->c_str() : operator_name(builtin_code(code));
    }
  }
  return nullptr;
}

}  // namespace lab
