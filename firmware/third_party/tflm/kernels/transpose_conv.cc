// TRANSPOSE_CONV: each output sums what reaches it, so that no memory is needed for the sums.

#include "operator.h"
#include "tensorflow/lite/kernels/padding.h"

namespace tflite {
namespace ops {
namespace micro {
namespace transpose_conv {
namespace {

struct Tensors {
  const TfLiteTensor* weights;
  const TfLiteTensor* input;
  const TfLiteTensor* bias;  // or none
  TfLiteTensor* output;

  Tensors(TfLiteContext* context, TfLiteNode* node)
      : weights(GetInput(context, node, 1)),
        input(GetInput(context, node, 2)),
        bias(GetOptionalInputTensor(context, node, 3)),
        output(GetOutput(context, node, 0)) {}
};

struct Window {
  int stride_height;
  int stride_width;
  int top;
  int left;

  Window(const Tensors& tensors, const TfLiteTransposeConvParams& asked)
      : stride_height(asked.stride_height), stride_width(asked.stride_width) {
    const int* out = tensors.output->dims->data;
    const int* taps = tensors.weights->dims->data;
    int height, width;
    const TfLitePaddingValues padding = ComputePaddingHeightWidth(stride_height, stride_width, 1, 1, out[1], out[2],
                                                                  taps[1], taps[2], asked.padding, &height, &width);
    top = padding.height;
    left = padding.width;
  }
};

// The sum for one output element, in the order in which TFLM's adds it up.
template <typename In, typename Weight, typename Sum>
Sum sum_at(const Tensors& tensors, const Window& window, int batch, int y, int x, int channel) {
  const int* in = tensors.input->dims->data;
  const int* taps = tensors.weights->dims->data;
  const Sum zero = static_cast<Sum>(tensors.input->params.zero_point);
  const int first_row = std::max(0, (y + window.top - taps[1] + window.stride_height) / window.stride_height);
  const int first_column = std::max(0, (x + window.left - taps[2] + window.stride_width) / window.stride_width);
  Sum sum = 0;
  for (int row = first_row; row < in[1] && row * window.stride_height <= y + window.top; ++row) {
    const int tap_row = y + window.top - row * window.stride_height;
    for (int column = first_column; column < in[2] && column * window.stride_width <= x + window.left; ++column) {
      const int tap_column = x + window.left - column * window.stride_width;
      const In* from = data_of<In>(tensors.input) + ((batch * in[1] + row) * in[2] + column) * in[3];
      const Weight* weight =
          data_of<Weight>(tensors.weights) + ((channel * taps[1] + tap_row) * taps[2] + tap_column) * taps[3];
      for (int i = 0; i < in[3]; ++i) {
        sum += (static_cast<Sum>(from[i]) - zero) * static_cast<Sum>(weight[i]);
      }
    }
  }
  return sum;
}

// Calls take(element, channel, sum) for each element of the output.
template <typename In, typename Weight, typename Sum, typename Take>
void run(const Tensors& tensors, const Window& window, Take take) {
  const int* out = tensors.output->dims->data;
  int element = 0;
  for (int batch = 0; batch < out[0]; ++batch) {
    for (int y = 0; y < out[1]; ++y) {
      for (int x = 0; x < out[2]; ++x) {
        for (int channel = 0; channel < out[3]; ++channel) {
          take(element++, channel, sum_at<In, Weight, Sum>(tensors, window, batch, y, x, channel));
        }
      }
    }
  }
}

TfLiteStatus run_float(TfLiteFusedActivation activation, const Tensors& tensors, const Window& window) {
  float least, most;
  CalculateActivationRange(activation, &least, &most);
  run<float, float, float>(tensors, window, [&](int element, int channel, float sum) {
    sum += tensors.bias == nullptr ? 0 : data_of<float>(tensors.bias)[channel];
    data_of<float>(tensors.output)[element] = std::min(std::max(sum, least), most);
  });
  return kTfLiteOk;
}

template <typename T, typename Sum, typename Bias>
TfLiteStatus run_quantised(TfLiteContext* context, TfLiteFusedActivation activation, const Tensors& tensors,
                           const Window& window) {
  Bounds bounds;
  TF_LITE_ENSURE_STATUS(bounds_of(context, activation, tensors.output, &bounds));
  const ChannelScalings scalings(tensors.input, tensors.weights, tensors.output);
  run<T, int8_t, Sum>(tensors, window, [&](int element, int channel, Sum sum) {
    sum += tensors.bias == nullptr ? 0 : data_of<Bias>(tensors.bias)[channel];
    data_of<T>(tensors.output)[element] =
        static_cast<T>(bounds(scalings[channel](sum) + tensors.output->params.zero_point));
  });
  return kTfLiteOk;
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const Tensors tensors(context, node);
  const Window window(tensors, parameters<TfLiteTransposeConvParams>(node));
  const TfLiteFusedActivation activation = kTfLiteActNone;  // the sources of 2020 know no other
  switch (tensors.input->type) {
    case kTfLiteFloat32:
      return run_float(activation, tensors, window);
    case kTfLiteInt8:
      return run_quantised<int8_t, int32_t, int32_t>(context, activation, tensors, window);
    case kTfLiteInt16:
      return tensors.bias != nullptr && tensors.bias->type == kTfLiteInt16
                 ? run_quantised<int16_t, int64_t, int16_t>(context, activation, tensors, window)
                 : run_quantised<int16_t, int64_t, int64_t>(context, activation, tensors, window);
    default:
      return refuse(context, tensors.input);
  }
}

}  // namespace
}  // namespace transpose_conv

LAB_OPERATOR(Register_TRANSPOSE_CONV, TRANSPOSE_CONV, 3, "input 2: FLOAT32 INT16 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, transpose_conv::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
