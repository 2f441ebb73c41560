// The crate's SVDF. That of int8 asks for RELU and then bounds the output as int8 does, whatever is fused: what comes
// out is right without RELU, which a converter expresses by the zero point.

#define Register_SVDF Register_SVDF_OF_CRATE
#include "tensorflow/lite/micro/kernels/svdf.cc"
#undef Register_SVDF
#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace svdf {
namespace {

TfLiteStatus EvalAny(TfLiteContext* context, TfLiteNode* node) {
  TfLiteSVDFParams asked = parameters<TfLiteSVDFParams>(node);
  TfLiteNode with_relu = *node;
  if (GetInput(context, node, kInputTensor)->type == kTfLiteInt8) {
    asked.activation = kTfLiteActRelu;
    with_relu.builtin_data = &asked;
  }
  return Eval(context, &with_relu);
}

}  // namespace
}  // namespace svdf

LAB_OPERATOR(Register_SVDF, SVDF, 3, "FLOAT32 INT8") {
  static TfLiteRegistration registration = *Register_SVDF_OF_CRATE();
  registration.invoke = svdf::EvalAny;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
