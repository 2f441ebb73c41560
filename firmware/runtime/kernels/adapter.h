// Makes a registration for TFLM out of a kernel. What the kernel does not serve, TFLM's own computes.
#pragma once

#include "runtime/kernels/factors.h"
#include "runtime/kernels/node.h"
#include "runtime/kernels/scratch.h"

// TFLM's own registration of an operator, by its name in the schema.
#if LAB_TFLM_OF_TODAY
#define LAB_REFERENCE(NAME) tflite::Register_##NAME()
#else
#define LAB_REFERENCE(NAME) *tflite::ops::micro::Register_##NAME()
#endif

namespace lab::kernels {

// A kernel has
//   Data                            what it keeps from preparation for the inferences
//   reference()                     TFLM's registration of the same operator
//   serves(context, node)           whether it computes these types and shapes; allocates nothing
//   prepare(context, node, data), invoke(context, node, data)
template <typename Kernel>
class Adapter {
 public:
  static tflm::Registration registration() {
    tflm::Registration made = Kernel::reference();
    made.init = init;
    made.prepare = prepare;
    made.invoke = invoke;
    return made;
  }

 private:
  struct State {
    bool by_reference;
    void* of_reference;
    typename Kernel::Data data;
  };
  using Step = TfLiteStatus (*)(TfLiteContext*, TfLiteNode*);

  static State& state_of(TfLiteNode* node) { return *static_cast<State*>(node->user_data); }

  static void* init(TfLiteContext* context, const char*, size_t) {
    reserve_factors(context);
    return persistent<State>(context);
  }

  static TfLiteStatus prepare(TfLiteContext* context, TfLiteNode* node) {
    TF_LITE_ENSURE(context, node->user_data != nullptr);
    State& state = state_of(node);
    state = {};
    if (Kernel::serves(context, node)) {
      return Kernel::prepare(context, node, state.data);
    }
    const tflm::Registration reference = Kernel::reference();
    state.by_reference = true;
    Scratch::others_allocate();
    if (reference.init != nullptr) {
      state.of_reference = reference.init(context, static_cast<const char*>(node->builtin_data), 0);
    }
    return reference.prepare == nullptr ? kTfLiteOk : as_reference(context, node, reference.prepare);
  }

  static TfLiteStatus invoke(TfLiteContext* context, TfLiteNode* node) {
    const State& state = state_of(node);
    return state.by_reference ? as_reference(context, node, Kernel::reference().invoke)
                              : Kernel::invoke(context, node, state.data);
  }

  static TfLiteStatus as_reference(TfLiteContext* context, TfLiteNode* node, Step step) {
    State& state = state_of(node);
    node->user_data = state.of_reference;
    const TfLiteStatus status = step(context, node);
    node->user_data = &state;
    return status;
  }
};

}  // namespace lab::kernels
