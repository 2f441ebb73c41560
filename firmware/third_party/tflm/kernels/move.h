// What kernels share that move values and never look at them: the output is walked in its order, and for each of its
// dimensions it is said how far apart the input's elements are.
#pragma once

#include "operator.h"
#include "walk.h"

namespace tflite {
namespace ops {
namespace micro {

// The output's elements, taken from the input at the walk's distances from `first`.
inline TfLiteStatus gather_by_steps(TfLiteContext* context, const TfLiteTensor* input, const Axes<1>& axes, int first,
                                    TfLiteTensor* output) {
  return with_width_of(context, input, [&](auto element) {
    using Element = decltype(element);
    const Element* from = data_of<Element>(input);
    Element* to = data_of<Element>(output);
    walk(axes, [&](int at) { *to++ = from[at]; }, first);
  });
}

// The input's elements, put into the output at the walk's distances from `first`.
inline TfLiteStatus scatter_by_steps(TfLiteContext* context, const TfLiteTensor* input, const Axes<1>& axes, int first,
                                     TfLiteTensor* output) {
  return with_width_of(context, input, [&](auto element) {
    using Element = decltype(element);
    const Element* from = data_of<Element>(input);
    Element* to = data_of<Element>(output);
    walk(axes, [&](int at) { to[at] = *from++; }, first);
  });
}

// An index that may count from the end.
inline int from_start(int index, int size) { return index < 0 ? index + size : index; }

inline TfLiteStatus copy_bytes(TfLiteContext* context, const TfLiteTensor* input, TfLiteTensor* output) {
  TF_LITE_ENSURE_EQ(context, input->bytes, output->bytes);
  std::memcpy(output->data.raw, input->data.raw, input->bytes);
  return kTfLiteOk;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
