// SHAPE, which the crate lacks: the sizes of a tensor's dimensions, as int32.

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace shape {
namespace {

TfLiteStatus Prepare(TfLiteContext* context, TfLiteNode* node) {
  TF_LITE_ENSURE_EQ(context, NumInputs(node), 1);
  TF_LITE_ENSURE_EQ(context, NumOutputs(node), 1);
  const TfLiteTensor* output = GetOutput(context, node, 0);
  TF_LITE_ENSURE_EQ(context, output->type, kTfLiteInt32);
  TF_LITE_ENSURE_EQ(context, NumElements(output), NumDimensions(GetInput(context, node, 0)));
  return kTfLiteOk;
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  int32_t* sizes = GetTensorData<int32_t>(GetOutput(context, node, 0));
  for (int i = 0; i < NumDimensions(input); ++i) {
    sizes[i] = SizeOfDimension(input, i);
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace shape

LAB_OPERATOR(Register_SHAPE, SHAPE, 1,
             "BOOL>INT32 FLOAT32>INT32 INT16>INT32 INT32 INT64>INT32 INT8>INT32 UINT8>INT32") {
  static TfLiteRegistration registration = {};
  registration.prepare = shape::Prepare;
  registration.invoke = shape::Eval;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
