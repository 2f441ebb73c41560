#include "runtime/operators.h"

#include <algorithm>

#include "runtime/kernels/registrations.h"

// model_operators.h has three kinds of lines:
//   TFLMS(name, method, registration, highest version)   an operator that TFLM's own kernel computes
//   OURS(name, method, function, highest version)        one of runtime/kernels
//   LATER(name, code, registration, highest version)     one that the crate's schema does not know, by its code there;
//                                                        where there is one, LAB_LATER_OPERATORS is defined

#if !LAB_TFLM_OF_TODAY
// The crate declares its own registrations, and none of those in third_party/tflm/kernels.
namespace tflite::ops::micro {
#define TFLMS(name, method, registration, version) TfLiteRegistration* registration();
#define OURS(...)
#define LATER TFLMS
#include "model_operators.h"
#undef TFLMS
#undef OURS
#undef LATER
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
#define LATER TFLMS
constexpr unsigned kRegistrations =
#include "model_operators.h"
    ;
#undef TFLMS
#undef OURS
#undef LATER

#ifdef LAB_LATER_OPERATORS

// Gives a later operator its options as they are in the model: the crate has no struct for them.
class Resolver : public tflite::MicroMutableOpResolver<kRegistrations> {
 public:
  BuiltinParseFunction GetOpDataParser(tflite::BuiltinOperator code) const override {
    return code > tflite::BuiltinOperator_MAX ? options_as_they_are : MicroMutableOpResolver::GetOpDataParser(code);
  }

  static void operator delete(void*) {}  // never on a heap

 private:
  static TfLiteStatus options_as_they_are(const tflite::Operator* used, tflite::BuiltinOperator, tflite::ErrorReporter*,
                                          tflite::BuiltinDataAllocator*, void** options) {
    *options = const_cast<void*>(used->builtin_options());
    return kTfLiteOk;
  }
};

#else
using Resolver = tflite::MicroMutableOpResolver<kRegistrations>;
#endif

void add(Resolver& resolver, tflite::BuiltinOperator code, tflm::Registration registration, int highest_version) {
  resolver.AddBuiltin(code, &registration, 1, highest_version);
}

void add_operators(Resolver& resolver) {
#define TFLMS(name, method, registration, version) \
  add(resolver, tflite::BuiltinOperator_##name, *tflite::ops::micro::registration(), version);
#define OURS(name, method, function, version) \
  add(resolver, tflite::BuiltinOperator_##name, kernels::function(), version);
#define LATER(name, code, registration, version) \
  add(resolver, static_cast<tflite::BuiltinOperator>(code), *tflite::ops::micro::registration(), version);
#include "model_operators.h"
#undef TFLMS
#undef OURS
#undef LATER
}

#ifdef LAB_LATER_OPERATORS
// Codes above 126 stand in a field that the crate's schema does not have.
int32_t builtin_code(const tflite::OperatorCode& code) {
  constexpr flatbuffers::voffset_t kField = 10;
  const auto& table = reinterpret_cast<const flatbuffers::Table&>(code);
  return std::max<int32_t>(code.builtin_code(), table.GetField<int32_t>(kField, 0));
}
#else
int32_t builtin_code(const tflite::OperatorCode& code) { return code.builtin_code(); }
#endif

const tflm::Registration* find(const tflite::MicroOpResolver& resolver, const tflite::OperatorCode& code) {
  return resolver.FindOp(static_cast<tflite::BuiltinOperator>(builtin_code(code)), code.version());
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
#ifdef LAB_LATER_OPERATORS
#define TFLMS(...)
#define OURS(...)
#define LATER(name, code, ...) \
  if (builtin_code == code) {  \
    return #name;              \
  }
#include "model_operators.h"
#undef TFLMS
#undef OURS
#undef LATER
#endif
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

#if !LAB_TFLM_OF_TODAY && defined(LAB_LATER_OPERATORS)
namespace tflite {

// Linked in place of the crate's, which refuses later codes. No model with a custom operator is built.
TfLiteStatus GetRegistrationFromOpCode(const OperatorCode* code, const OpResolver& resolver, ErrorReporter*,
                                       const TfLiteRegistration** registration) {
  const auto found = static_cast<BuiltinOperator>(lab::builtin_code(*code));
  *registration = resolver.FindOp(found, code->version());
  return *registration == nullptr ? kTfLiteError : kTfLiteOk;
}

}  // namespace tflite
#endif
