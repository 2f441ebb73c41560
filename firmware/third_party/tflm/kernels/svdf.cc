// The crate's SVDF. That of int8 asks for RELU and then bounds the output as int8 does, whatever is fused: what comes
// out is right without RELU, which a converter expresses by the zero point. A state and weights by time of int8 are
// added.

#define Register_SVDF Register_SVDF_OF_CRATE
#include "tensorflow/lite/micro/kernels/svdf.cc"
#undef Register_SVDF
#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace svdf {
namespace {

bool has_int8_state(TfLiteContext* context, TfLiteNode* node) {
  return GetInput(context, node, kWeightsTimeTensor)->type == kTfLiteInt8;
}

TfLiteStatus PrepareAny(TfLiteContext* context, TfLiteNode* node) {
  if (!has_int8_state(context, node)) {
    return Prepare(context, node);
  }
  for (int input : {kInputTensor, kWeightsFeatureTensor, kInputActivationStateTensor}) {
    TF_LITE_ENSURE_EQ(context, GetInput(context, node, input)->type, kTfLiteInt8);
  }
  return kTfLiteOk;
}

int32_t product(const int8_t* weights, const int8_t* values, int zero, int count) {
  int32_t sum = 0;
  for (int i = 0; i < count; ++i) {
    sum += weights[i] * (values[i] - zero);
  }
  return sum;
}

// The state has, for each filter, what came of the last inferences, the newest last.
TfLiteStatus run_int8_state(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, kInputTensor);
  const TfLiteTensor* features = GetInput(context, node, kWeightsFeatureTensor);
  const TfLiteTensor* times = GetInput(context, node, kWeightsTimeTensor);
  const TfLiteTensor* bias = GetOptionalInputTensor(context, node, kBiasTensor);
  TfLiteTensor* state = GetVariableInput(context, node, kInputActivationStateTensor);
  TfLiteTensor* output = GetOutput(context, node, kOutputTensor);
  const int rank = parameters<TfLiteSVDFParams>(node).rank;
  const int filters = times->dims->data[0], memory = times->dims->data[1], width = input->dims->data[1];
  const int state_zero = state->params.zero_point;
  const Scaling kept(static_cast<double>(input->params.scale * features->params.scale / state->params.scale));
  const Scaling made(static_cast<double>(state->params.scale * times->params.scale / output->params.scale));
  int8_t* remembered = data_of<int8_t>(state);
  std::copy(remembered + 1, remembered + NumElements(state), remembered);
  int8_t* result = data_of<int8_t>(output);
  for (int batch = 0; batch < input->dims->data[0]; ++batch) {
    const int8_t* values = data_of<int8_t>(input) + batch * width;
    for (int unit = 0; unit < filters / rank; ++unit) {
      int32_t sum = bias == nullptr ? 0 : data_of<int32_t>(bias)[unit];
      for (int filter = unit * rank; filter < (unit + 1) * rank; ++filter, remembered += memory) {
        const int32_t now =
            product(data_of<int8_t>(features) + filter * width, values, input->params.zero_point, width);
        remembered[memory - 1] = static_cast<int8_t>(state_zero + saturated<int8_t>(kept(now)));
        sum += product(data_of<int8_t>(times) + filter * memory, remembered, state_zero, memory);
      }
      *result++ = saturated<int8_t>(made(sum) + output->params.zero_point);
    }
  }
  return kTfLiteOk;
}

TfLiteStatus EvalAny(TfLiteContext* context, TfLiteNode* node) {
  if (has_int8_state(context, node)) {
    return run_int8_state(context, node);
  }
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
  registration.prepare = svdf::PrepareAny;
  registration.invoke = svdf::EvalAny;
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
