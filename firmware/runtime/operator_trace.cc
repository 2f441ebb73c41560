#include "runtime/operator_trace.h"

#include <array>
#include <utility>

#include "runtime/board.h"
#include "runtime/crc32.h"
#include "runtime/json_line.h"
#include "runtime/marks.h"
#include "runtime/operators.h"
#if LAB_TFLM_OF_TODAY
#include "tensorflow/lite/micro/micro_context.h"
#include "tensorflow/lite/micro/micro_interpreter_graph.h"
#endif

namespace lab {
namespace {

constexpr size_t kMostKinds = 32;  // kinds of operators in one model

// A registration's invoke knows nothing of its registration: every slot has a function of its own.
struct Slot {
  const tflm::Registration* original;
  tflm::Registration wrapped;
};
std::array<Slot, kMostKinds> slots;
size_t slots_used = 0;
uint32_t next_index = 0;
uint32_t stop_after_index = 0;

// Whether it is of a subgraph that an operator has called: that one's time and output are looked at.
bool is_called_by_another([[maybe_unused]] TfLiteContext* context) {
#if LAB_TFLM_OF_TODAY
  auto& graph = static_cast<tflite::MicroInterpreterGraph&>(tflite::GetMicroContext(context)->graph());
  return graph.GetCurrentSubgraphIndex() != 0;
#else
  return false;
#endif
}

// Not inlined: it would be copied into every slot.
[[gnu::noinline]] TfLiteStatus traced_invoke(const Slot& slot, TfLiteContext* context, TfLiteNode* node) {
  if (is_called_by_another(context)) {
    return slot.original->invoke(context, node);
  }
  lab_mark(mark::kOperatorBegins);
  const TfLiteStatus status = slot.original->invoke(context, node);
  lab_mark(mark::kOperatorEnded);
  if (status != kTfLiteOk) {
    return status;
  }
  const tflm::Bytes output = tflm::output_of(context, node);
  JsonLine line("operator");
  line.number("index", next_index)
      .text("operator", operator_name(slot.wrapped.builtin_code))
      .hex("address", reinterpret_cast<uintptr_t>(output.data))
      .number("bytes", output.size)
      .crc("crc", crc32(output.data, output.size));
  line.send();
  if (next_index++ == stop_after_index) {
    board::park();
  }
  return status;
}

template <size_t kSlot>
TfLiteStatus invoke_slot(TfLiteContext* context, TfLiteNode* node) {
  return traced_invoke(slots[kSlot], context, node);
}

using Invoke = TfLiteStatus (*)(TfLiteContext*, TfLiteNode*);

template <size_t... kSlot>
constexpr std::array<Invoke, sizeof...(kSlot)> invokes(std::index_sequence<kSlot...>) {
  return {invoke_slot<kSlot>...};
}
constexpr auto kInvokes = invokes(std::make_index_sequence<kMostKinds>());

// One more kind than there are slots runs untraced.
const tflm::Registration* wrapped(const tflm::Registration* original) {
  for (size_t i = 0; i < slots_used; ++i) {
    if (slots[i].original == original) {
      return &slots[i].wrapped;
    }
  }
  if (original == nullptr || slots_used == kMostKinds) {
    return original;
  }
  Slot& slot = slots[slots_used];
  slot = {original, *original};
  slot.wrapped.invoke = kInvokes[slots_used++];
  return &slot.wrapped;
}

}  // namespace

TracingResolver::TracingResolver(const tflite::MicroOpResolver& traced, uint32_t stop_after) : traced_(traced) {
  stop_after_index = stop_after;
}

void TracingResolver::restart() { next_index = 0; }

#if LAB_TFLM_OF_TODAY

const tflm::Registration* TracingResolver::FindOp(tflite::BuiltinOperator code) const {
  return wrapped(traced_.FindOp(code));
}

const tflm::Registration* TracingResolver::FindOp(const char* name) const { return wrapped(traced_.FindOp(name)); }

#else

const tflm::Registration* TracingResolver::FindOp(tflite::BuiltinOperator code, int version) const {
  return wrapped(traced_.FindOp(code, version));
}

const tflm::Registration* TracingResolver::FindOp(const char* name, int version) const {
  return wrapped(traced_.FindOp(name, version));
}

#endif

tflm::Parser TracingResolver::GetOpDataParser(tflite::BuiltinOperator code) const {
  return traced_.GetOpDataParser(code);
}

}  // namespace lab
