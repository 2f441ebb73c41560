// CONV_2D of int16 data and int8 weights.

#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "wide.h"
#include "window.h"

namespace tflite {
namespace ops {
namespace micro {
namespace conv_16x8 {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* image = GetInput(context, node, 0);
  const TfLiteTensor* weights = GetInput(context, node, 1);
  const auto& asked = parameters<TfLiteConvParams>(node);
  const WideOutput output(context, node, asked.activation);
  TF_LITE_ENSURE_STATUS(output.status());
  const Window window(image, weights, asked);
  const int* made = GetOutput(context, node, 0)->dims->data;
  const int* taps = weights->dims->data;
  const int depth = taps[3];
  for (int channel = 0; channel < taps[0]; ++channel) {
    const int8_t* filter = data_of<int8_t>(weights) + channel * taps[1] * taps[2] * depth;
    output.channel(channel, channel, taps[0], made[0] * made[1] * made[2], [&](int place) {
      const int batch = place / (made[1] * made[2]), y = place / made[2] % made[1], x = place % made[2];
      int64_t sum = 0;
      window.rows.for_each_tap(y, [&](int row, int tap_row) {
        window.columns.for_each_tap(x, [&](int column, int tap_column) {
          const int at = (batch * window.rows.extent + row) * window.columns.extent + column;
          const int16_t* from = data_of<int16_t>(image) + at * depth;
          const int8_t* weight = filter + (tap_row * taps[2] + tap_column) * depth;
          for (int i = 0; i < depth; ++i) {
            sum += from[i] * weight[i];
          }
        });
      });
      return sum;
    });
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace conv_16x8

LAB_OPERATOR(Register_CONV_2D_16X8, CONV_2D, 8, "FLOAT32 INT16 INT8 UINT8") {
  return Wide<Register_CONV_2D, conv_16x8::Eval>::registration();
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
