// FULLY_CONNECTED of int16 data and int8 weights, and of int8 where the output keeps more dimensions than two, which
// the crate's takes for two.

#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "wide.h"

namespace tflite {
namespace ops {
namespace micro {
namespace fully_connected_16x8 {
namespace {

bool is_ours(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteType type = GetInput(context, node, 0)->type;
  return type == kTfLiteInt16 || (type == kTfLiteInt8 && GetOutput(context, node, 0)->dims->size != 2);
}

template <typename T>
void run(const TfLiteTensor* input, const TfLiteTensor* weights, const WideOutput& output) {
  const int channels = weights->dims->data[0];
  const int depth = weights->dims->data[1];
  const int rows = static_cast<int>(NumElements(input)) / depth;
  const int32_t zero = input->params.zero_point;
  for (int channel = 0; channel < channels; ++channel) {
    const int8_t* taps = data_of<int8_t>(weights) + channel * depth;
    output.channel<T>(channel, channel, channels, rows, [&](int row) {
      const T* from = data_of<T>(input) + row * depth;
      int64_t sum = 0;
      for (int i = 0; i < depth; ++i) {
        sum += (from[i] - zero) * taps[i];
      }
      return sum;
    });
  }
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const WideOutput output(context, node, parameters<TfLiteFullyConnectedParams>(node).activation);
  TF_LITE_ENSURE_STATUS(output.status());
  return with_type_of<int8_t, int16_t>(
      context, input, [&](auto type) { run<decltype(type)>(input, GetInput(context, node, 1), output); });
}

}  // namespace
}  // namespace fully_connected_16x8

LAB_OPERATOR(Register_FULLY_CONNECTED_16X8, FULLY_CONNECTED, 13, "FLOAT32 INT16 INT8 UINT8") {
  return Wide<Register_FULLY_CONNECTED, fully_connected_16x8::Eval, fully_connected_16x8::is_ours>::registration();
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
