// The crate's STRIDED_SLICE for what is as wide as 8, 16 or 32 bits, int32, int16 and booleans besides float and 8
// bits: converters of today take shapes apart with it.

#define Register_STRIDED_SLICE Register_STRIDED_SLICE_OF_CRATE
#include "tensorflow/lite/micro/kernels/strided_slice.cc"
#undef Register_STRIDED_SLICE

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace strided_slice {
namespace {

template <typename T>
void slice(StridedSliceContext& op) {
  reference_ops::StridedSlice(BuildStridedSliceParams(&op), GetTensorShape(op.input), data_of<T>(op.input),
                              GetTensorShape(op.output), data_of<T>(op.output));
}

TfLiteStatus EvalMended(TfLiteContext* context, TfLiteNode* node) {
  StridedSliceContext op(context, node);
  switch (op.input->type) {
    case kTfLiteBool:
    case kTfLiteInt8:
    case kTfLiteUInt8:
      slice<uint8_t>(op);
      return kTfLiteOk;
    case kTfLiteInt16:
      slice<uint16_t>(op);
      return kTfLiteOk;
    case kTfLiteFloat32:
    case kTfLiteInt32:
      slice<uint32_t>(op);
      return kTfLiteOk;
    default:
      return refuse(context, op.input);
  }
}

}  // namespace
}  // namespace strided_slice

LAB_OPERATOR(Register_STRIDED_SLICE, STRIDED_SLICE, 4, "BOOL FLOAT32 INT16 INT32 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, strided_slice::Prepare, strided_slice::EvalMended};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
