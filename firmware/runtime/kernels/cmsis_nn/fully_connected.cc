#include "runtime/kernels/adapter.h"
#include "runtime/kernels/cmsis_nn/shapes.h"
#include "runtime/kernels/int8_weights.h"
#include "runtime/kernels/registrations.h"
#include "runtime/kernels/scratch.h"
#include "tensorflow/lite/kernels/internal/quantization_util.h"
#include "tensorflow/lite/kernels/kernel_util.h"

namespace lab::kernels {
namespace {

// With one scale, arm_fully_connected_s8 computes it; with one for each output, it is a convolution of one tap over an
// image of one row, which arm_convolve_wrapper_s8 computes.
struct FullyConnected {
  struct Data {
    ChannelQuantisation quantisation;
    cmsis_nn_per_tensor_quant_params factor;
    bool by_channel;
    Scratch scratch;
  };

  static tflm::Registration reference() { return LAB_REFERENCE(FULLY_CONNECTED); }

  static bool serves(TfLiteContext* context, const TfLiteNode* node) { return has_int8_weights(context, node); }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Data& data) {
    data.by_channel = has_scale_for_each_channel(context, node);
    return data.by_channel ? prepare_by_channel(context, node, data) : prepare_whole(context, node, data);
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Data& data) {
    const Tensor values = input(context, node, 0);
    const Tensor filter = input(context, node, 1);
    const Tensor bias = input(context, node, 2);
    const Tensor result = output(context, node, 0);
    const cmsis_nn_context scratch = {data.scratch.get(context), 0};
    const int outputs = filter.extent(0);
    const int depth = filter.extent(1);
    const int rows = elements(result.dims) / outputs;
    const cmsis_nn_dims bias_shape = row_of(outputs);
    if (data.by_channel) {
      const cmsis_nn_conv_params settings = settings_of(data);
      const cmsis_nn_per_channel_quant_params factors = {data.quantisation.multipliers, data.quantisation.shifts};
      const cmsis_nn_dims shapes[] = {{1, 1, rows, depth}, {outputs, 1, 1, depth}, {1, 1, rows, outputs}};
      return status_of(arm_convolve_wrapper_s8(&scratch, &settings, &factors, &shapes[0], values.int8(), &shapes[1],
                                               filter.int8(), &bias_shape, bias.int32(), &shapes[2], result.int8()));
    }
    cmsis_nn_fc_params settings = {};
    settings.input_offset = data.quantisation.input_offset;
    settings.output_offset = data.quantisation.output_offset;
    settings.activation = {data.quantisation.lowest, data.quantisation.highest};
    const cmsis_nn_dims shapes[] = {{rows, 1, 1, depth}, {depth, 1, 1, outputs}, {rows, 1, 1, outputs}};
    return status_of(arm_fully_connected_s8(&scratch, &settings, &data.factor, &shapes[0], values.int8(), &shapes[1],
                                            filter.int8(), &bias_shape, bias.int32(), &shapes[2], result.int8()));
  }

  static TfLiteStatus prepare_by_channel(TfLiteContext* context, const TfLiteNode* node, Data& data) {
    const auto filter = PreparedTensor::input(context, node, 1);
    const auto output = PreparedTensor::output(context, node, 0);
    const int outputs = filter.extent(0);
    const int depth = filter.extent(1);
    const int rows = elements(output->dims) / outputs;
    TF_LITE_ENSURE_STATUS(prepare_channels(context, node, parameters<TfLiteFullyConnectedParams>(node).activation,
                                           outputs, data.quantisation));
    const cmsis_nn_conv_params settings = settings_of(data);
    const cmsis_nn_dims shapes[] = {{1, 1, rows, depth}, {outputs, 1, 1, depth}, {1, 1, rows, outputs}};
    return data.scratch.request(context,
                                arm_convolve_wrapper_s8_get_buffer_size(&settings, &shapes[0], &shapes[1], &shapes[2]));
  }

  static TfLiteStatus prepare_whole(TfLiteContext* context, const TfLiteNode* node, Data& data) {
    const auto values = PreparedTensor::input(context, node, 0);
    const auto filter = PreparedTensor::input(context, node, 1);
    const auto bias = PreparedTensor::input(context, node, 2);
    const auto output = PreparedTensor::output(context, node, 0);
    data.quantisation.input_offset = -values->params.zero_point;
    data.quantisation.output_offset = output->params.zero_point;
    double real = 0;
    TF_LITE_ENSURE_STATUS(
        tflite::GetQuantizedConvolutionMultipler(context, values.get(), filter.get(), bias.get(), output.get(), &real));
    int shift = 0;
    tflite::QuantizeMultiplier(real, &data.factor.multiplier, &shift);
    data.factor.shift = shift;
    return tflite::CalculateActivationRangeQuantized(context, parameters<TfLiteFullyConnectedParams>(node).activation,
                                                     output.get(), &data.quantisation.lowest,
                                                     &data.quantisation.highest);
  }

  static cmsis_nn_conv_params settings_of(const Data& data) {
    cmsis_nn_conv_params settings = {};
    settings.input_offset = data.quantisation.input_offset;
    settings.output_offset = data.quantisation.output_offset;
    settings.stride = {1, 1};
    settings.dilation = {1, 1};
    settings.activation = {data.quantisation.lowest, data.quantisation.highest};
    return settings;
  }
};

}  // namespace

tflm::Registration fully_connected() { return Adapter<FullyConnected>::registration(); }

}  // namespace lab::kernels
