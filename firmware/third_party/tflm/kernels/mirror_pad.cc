// MIRROR_PAD: a tensor with its own values mirrored around it.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace mirror_pad {
namespace {

int before(const TfLiteTensor* padding, int axis) {
  return padding->type == kTfLiteInt64 ? static_cast<int>(data_of<int64_t>(padding)[2 * axis])
                                       : data_of<int32_t>(padding)[2 * axis];
}

// Of the input, for the output's element at `index`.
int mirrored(const TfLiteIntArray* dims, const TfLiteIntArray* made, const TfLiteTensor* padding, int skipped,
             int index) {
  int from = 0;
  for (int axis = made->size - 1; axis >= 0; --axis) {
    const int extent = dims->data[axis];
    int at = index % made->data[axis] - before(padding, axis);
    at = at < 0 ? skipped - 1 - at : at >= extent ? 2 * extent - 1 - skipped - at : at;
    from += at * step_of(dims, axis);
    index /= made->data[axis];
  }
  return from;
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const TfLiteTensor* padding = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  // REFLECT leaves out the outermost element, SYMMETRIC repeats it.
  const int skipped = parameters<TfLiteMirrorPaddingParams>(node).mode == kTfLiteMirrorPaddingReflect ? 1 : 0;
  return with_width_of(context, input, [&](auto element) {
    using Element = decltype(element);
    for (int i = 0; i < NumElements(output); ++i) {
      data_of<Element>(output)[i] = data_of<Element>(input)[mirrored(input->dims, output->dims, padding, skipped, i)];
    }
  });
}

}  // namespace
}  // namespace mirror_pad

LAB_OPERATOR(Register_MIRROR_PAD, MIRROR_PAD, 3, "FLOAT32 INT32 INT64 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t, int32_t, int64_t>,
                                            mirror_pad::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
