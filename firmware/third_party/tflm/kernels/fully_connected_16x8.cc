// FULLY_CONNECTED of int16 data and int8 weights.

#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "wide.h"

namespace tflite {
namespace ops {
namespace micro {
namespace fully_connected_16x8 {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const int16_t* input = data_of<int16_t>(GetInput(context, node, 0));
  const TfLiteTensor* weights = GetInput(context, node, 1);
  const WideOutput output(context, node, parameters<TfLiteFullyConnectedParams>(node).activation);
  TF_LITE_ENSURE_STATUS(output.status());
  const int channels = weights->dims->data[0];
  const int depth = weights->dims->data[1];
  const int rows = static_cast<int>(NumElements(GetInput(context, node, 0))) / depth;
  for (int channel = 0; channel < channels; ++channel) {
    const int8_t* taps = data_of<int8_t>(weights) + channel * depth;
    output.channel(channel, channel, channels, rows, [&](int row) {
      int64_t sum = 0;
      for (int i = 0; i < depth; ++i) {
        sum += input[row * depth + i] * taps[i];
      }
      return sum;
    });
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace fully_connected_16x8

LAB_OPERATOR(Register_FULLY_CONNECTED_16X8, FULLY_CONNECTED, 13, "FLOAT32 INT16 INT8 UINT8") {
  return Wide<Register_FULLY_CONNECTED, fully_connected_16x8::Eval>::registration();
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
