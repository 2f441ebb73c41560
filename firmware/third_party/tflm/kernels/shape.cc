// SHAPE, which the crate lacks: the sizes of a tensor's dimensions, as int32.
#include "tensorflow/lite/c/common.h"
#include "tensorflow/lite/kernels/internal/tensor_ctypes.h"
#include "tensorflow/lite/kernels/kernel_util.h"

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

TfLiteRegistration* Register_SHAPE() {
  static TfLiteRegistration registration = {};
  registration.prepare = shape::Prepare;
  registration.invoke = shape::Eval;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
