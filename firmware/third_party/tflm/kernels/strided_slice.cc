// The crate's STRIDED_SLICE, with int32 besides float and 8 bits: converters of today take shapes apart with it.

#define Register_STRIDED_SLICE Register_STRIDED_SLICE_OF_CRATE
#include "tensorflow/lite/micro/kernels/strided_slice.cc"
#undef Register_STRIDED_SLICE

namespace tflite {
namespace ops {
namespace micro {
namespace strided_slice {
namespace {

TfLiteStatus EvalMended(TfLiteContext* context, TfLiteNode* node) {
  StridedSliceContext op(context, node);
  if (op.input->type != kTfLiteInt32) {
    return Eval<kReference>(context, node);
  }
  reference_ops::StridedSlice(BuildStridedSliceParams(&op), GetTensorShape(op.input), GetTensorData<int32_t>(op.input),
                              GetTensorShape(op.output), GetTensorData<int32_t>(op.output));
  return kTfLiteOk;
}

}  // namespace
}  // namespace strided_slice

TfLiteRegistration* Register_STRIDED_SLICE() {
  static TfLiteRegistration registration = *Register_STRIDED_SLICE_OF_CRATE();
  registration.invoke = strided_slice::EvalMended;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
