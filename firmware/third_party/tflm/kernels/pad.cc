// The crate's PAD and PADV2, with int16 besides float, int32 and 8 bits.

#define Register_PAD Register_PAD_OF_CRATE
#define Register_PADV2 Register_PADV2_OF_CRATE
#include "tensorflow/lite/micro/kernels/pad.cc"
#undef Register_PAD
#undef Register_PADV2

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace pad {
namespace {

TfLiteStatus EvalMended(TfLiteContext* context, TfLiteNode* node) {
  const PadContext op(context, node);
  if (op.input->type != kTfLiteInt16) {
    return Eval(context, node);
  }
  tflite::PadParams padding = {};
  padding.left_padding_count = padding.right_padding_count = op.dims;
  for (int i = 0; i < op.dims; ++i) {
    padding.left_padding[i] = data_of<int32_t>(op.paddings)[2 * i];
    padding.right_padding[i] = data_of<int32_t>(op.paddings)[2 * i + 1];
  }
  const int16_t value = op.constant_values == nullptr ? 0 : *data_of<int16_t>(op.constant_values);
  reference_ops::Pad(padding, GetTensorShape(op.input), data_of<int16_t>(op.input), &value, GetTensorShape(op.output),
                     data_of<int16_t>(op.output));
  return kTfLiteOk;
}

}  // namespace
}  // namespace pad

LAB_OPERATOR(Register_PAD, PAD, 4, "FLOAT32 INT16 INT32 INT8 UINT8") {
  static TfLiteRegistration registration = *Register_PAD_OF_CRATE();
  registration.invoke = pad::EvalMended;
  return &registration;
}

LAB_OPERATOR(Register_PADV2, PADV2, 4, "FLOAT32 INT16 INT32 INT8 UINT8") {
  static TfLiteRegistration registration = *Register_PADV2_OF_CRATE();
  registration.invoke = pad::EvalMended;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
