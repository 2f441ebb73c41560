#include "runtime/kernels/adapter.h"
#include "runtime/kernels/cmsis_nn/shapes.h"
#include "runtime/kernels/int8_weights.h"
#include "runtime/kernels/registrations.h"
#include "runtime/kernels/scratch.h"

namespace lab::kernels {
namespace {

struct Conv2D {
  struct Data {
    ChannelQuantisation quantisation;
    Padding padding;
    Scratch scratch;
  };

  static tflm::Registration reference() { return LAB_REFERENCE(CONV_2D); }

  // Not in groups: then the filters are less deep than the image.
  static bool serves(TfLiteContext* context, const TfLiteNode* node) {
    return has_int8_weights(context, node) &&
           PreparedTensor::input(context, node, 0).extent(3) == PreparedTensor::input(context, node, 1).extent(3);
  }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Data& data) {
    const auto& asked = parameters<TfLiteConvParams>(node);
    const auto image = PreparedTensor::input(context, node, 0);
    const auto filter = PreparedTensor::input(context, node, 1);
    const auto output = PreparedTensor::output(context, node, 0);
    data.padding = padding_of(asked, *image->dims, filter.extent(1), filter.extent(2), asked.dilation_height_factor,
                              asked.dilation_width_factor);
    TF_LITE_ENSURE_STATUS(prepare_channels(context, node, asked.activation, filter.extent(0), data.quantisation));
    const cmsis_nn_conv_params settings = settings_of(asked, data);
    const cmsis_nn_dims shapes[] = {shape_of(*image->dims), shape_of(*filter->dims), shape_of(*output->dims)};
    return data.scratch.request(context,
                                arm_convolve_wrapper_s8_get_buffer_size(&settings, &shapes[0], &shapes[1], &shapes[2]));
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Data& data) {
    const Tensor image = input(context, node, 0);
    const Tensor filter = input(context, node, 1);
    const Tensor bias = input(context, node, 2);
    const Tensor result = output(context, node, 0);
    const cmsis_nn_context scratch = {data.scratch.get(context), 0};
    const cmsis_nn_conv_params settings = settings_of(parameters<TfLiteConvParams>(node), data);
    const cmsis_nn_per_channel_quant_params factors = {data.quantisation.multipliers, data.quantisation.shifts};
    const cmsis_nn_dims image_shape = shape_of(*image.dims);
    const cmsis_nn_dims filter_shape = shape_of(*filter.dims);
    const cmsis_nn_dims bias_shape = row_of(filter.extent(0));
    const cmsis_nn_dims result_shape = shape_of(*result.dims);
    return status_of(arm_convolve_wrapper_s8(&scratch, &settings, &factors, &image_shape, image.int8(), &filter_shape,
                                             filter.int8(), &bias_shape, bias.int32(), &result_shape, result.int8()));
  }

  static cmsis_nn_conv_params settings_of(const TfLiteConvParams& asked, const Data& data) {
    cmsis_nn_conv_params settings = {};
    settings.input_offset = data.quantisation.input_offset;
    settings.output_offset = data.quantisation.output_offset;
    settings.stride = {asked.stride_width, asked.stride_height};
    settings.padding = {data.padding.width, data.padding.height};
    settings.dilation = {asked.dilation_width_factor, asked.dilation_height_factor};
    settings.activation = {data.quantisation.lowest, data.quantisation.highest};
    return settings;
  }
};

}  // namespace

tflm::Registration conv_2d() { return Adapter<Conv2D>::registration(); }

}  // namespace lab::kernels
