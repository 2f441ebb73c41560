// FULLY_CONNECTED by the library, whichever of TFLM's registrations it stands before.
#pragma once

#include "runtime/kernels/adapter.h"
#include "runtime/kernels/cmsis_nn/shapes.h"
#include "runtime/kernels/dense.h"
#include "runtime/kernels/scratch.h"

namespace lab::kernels {
namespace {

// With one factor, arm_fully_connected_s8 computes it; with one for each output, it is a convolution of one tap over an
// image of one row, which arm_convolve_wrapper_s8 computes.
struct FullyConnected {
  struct Data {
    Dense dense;
    Scratch scratch;
  };

  static tflm::Registration reference() { return LAB_REFERENCE(FULLY_CONNECTED); }

  static bool serves(TfLiteContext* context, const TfLiteNode* node) { return has_int8_weights(context, node); }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Data& data) {
    TF_LITE_ENSURE_STATUS(prepare_dense(context, node, data.dense));
    if (!data.dense.by_channel) {
      return kTfLiteOk;
    }
    const auto filter = PreparedTensor::input(context, node, 1);
    const auto output = PreparedTensor::output(context, node, 0);
    const Convolution as = convolution(data.dense, *filter->dims, *output->dims);
    return data.scratch.request(
        context, arm_convolve_wrapper_s8_get_buffer_size(&as.settings, &as.image, &as.filter, &as.result));
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Data& data) {
    const ChannelQuantisation& quantisation = data.dense.quantisation;
    const Tensor values = input(context, node, 0);
    const Tensor filter = input(context, node, 1);
    const Tensor bias = input(context, node, 2);
    const Tensor result = output(context, node, 0);
    const int outputs = filter.extent(0);
    const cmsis_nn_dims bias_shape = row_of(outputs);
    if (data.dense.by_channel) {
      const Convolution as = convolution(data.dense, *filter.dims, *result.dims);
      const cmsis_nn_context scratch = {data.scratch.get(context), 0};
      const cmsis_nn_per_channel_quant_params factors = {quantisation.multipliers, quantisation.shifts};
      return status_of(arm_convolve_wrapper_s8(&scratch, &as.settings, &factors, &as.image, values.int8(), &as.filter,
                                               filter.int8(), &bias_shape, bias.int32(), &as.result, result.int8()));
    }
    cmsis_nn_fc_params settings = {};
    settings.input_offset = quantisation.input_offset;
    settings.output_offset = quantisation.output_offset;
    settings.activation = {quantisation.lowest, quantisation.highest};
    const cmsis_nn_context no_scratch = {};
    const cmsis_nn_per_tensor_quant_params factor = {data.dense.multiplier, data.dense.shift};
    const int depth = filter.extent(1);
    const int rows = elements(result.dims) / outputs;
    const cmsis_nn_dims shapes[] = {{rows, 1, 1, depth}, {depth, 1, 1, outputs}, {rows, 1, 1, outputs}};
    return status_of(arm_fully_connected_s8(&no_scratch, &settings, &factor, &shapes[0], values.int8(), &shapes[1],
                                            filter.int8(), &bias_shape, bias.int32(), &shapes[2], result.int8()));
  }

  struct Convolution {
    cmsis_nn_conv_params settings;
    cmsis_nn_dims image;
    cmsis_nn_dims filter;
    cmsis_nn_dims result;
  };

  static Convolution convolution(const Dense& dense, const TfLiteIntArray& filter, const TfLiteIntArray& result) {
    const int outputs = filter.data[0];
    const int depth = filter.data[1];
    const int rows = elements(&result) / outputs;
    Convolution made = {};
    made.settings.input_offset = dense.quantisation.input_offset;
    made.settings.output_offset = dense.quantisation.output_offset;
    made.settings.stride = {1, 1};
    made.settings.dilation = {1, 1};
    made.settings.activation = {dense.quantisation.lowest, dense.quantisation.highest};
    made.image = {1, 1, rows, depth};
    made.filter = {outputs, 1, 1, depth};
    made.result = {1, 1, rows, outputs};
    return made;
  }
};

}  // namespace
}  // namespace lab::kernels
