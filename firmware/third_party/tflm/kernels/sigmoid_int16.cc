// LOGISTIC and TANH of int16; TANH of int8 in the version that TensorFlow writes today is the crate's.

#include "elementwise.h"
#include "sigmoid.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "wide.h"

namespace tflite {
namespace ops {
namespace micro {
namespace sigmoid_int16 {
namespace {

template <int16_t (*Curve)(int32_t)>
TfLiteStatus run(TfLiteContext* context, TfLiteNode* node, std::initializer_list<int> powers) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  int power;
  TF_LITE_ENSURE(context, CheckedLog2(output->params.scale, &power) && power == -kFractionBits);
  const TableSteps steps = steps_of(input->params.scale, powers);
  TF_LITE_ENSURE(context, steps.fits());
  for_each_element<int16_t>(input, output, [&](int16_t value) { return Curve(steps(value)); });
  return kTfLiteOk;
}

TfLiteStatus EvalLogistic(TfLiteContext* context, TfLiteNode* node) { return run<logistic>(context, node, {-12}); }

TfLiteStatus EvalTanh(TfLiteContext* context, TfLiteNode* node) {
  return run<hyperbolic_tangent>(context, node, {-12, -11});
}

}  // namespace
}  // namespace sigmoid_int16

LAB_OPERATOR(Register_LOGISTIC_INT16, LOGISTIC, 3, "FLOAT32 INT16 INT8") {
  return Wide<Register_LOGISTIC, sigmoid_int16::EvalLogistic>::registration();
}

LAB_OPERATOR(Register_TANH_INT16, TANH, 3, "FLOAT32 INT16 INT8") {
  return Wide<Register_TANH, sigmoid_int16::EvalTanh>::registration();
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
