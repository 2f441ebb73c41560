#include "runtime/kernels/adapter.h"
#include "runtime/kernels/esp_nn/shapes.h"
#include "runtime/kernels/int8_weights.h"
#include "runtime/kernels/registrations.h"
#include "runtime/kernels/scratch.h"

namespace lab::kernels {
namespace {

struct DepthwiseConv2D {
  struct Data {
    ChannelQuantisation quantisation;
    Padding padding;
    Scratch scratch;
  };

  static tflm::Registration reference() { return LAB_REFERENCE(DEPTHWISE_CONV_2D); }

  // Not with dilation, which ESP-NN does not look at.
  static bool serves(TfLiteContext* context, const TfLiteNode* node) {
    const auto& asked = parameters<TfLiteDepthwiseConvParams>(node);
    return has_int8_weights(context, node) && asked.dilation_height_factor == 1 && asked.dilation_width_factor == 1;
  }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Data& data) {
    const auto& asked = parameters<TfLiteDepthwiseConvParams>(node);
    const auto images = PreparedTensor::input(context, node, 0);
    const auto filter = PreparedTensor::input(context, node, 1);
    const auto output = PreparedTensor::output(context, node, 0);
    data.padding = padding_of(asked, *images->dims, filter.extent(1), filter.extent(2));
    TF_LITE_ENSURE_STATUS(prepare_channels(context, node, asked.activation, filter.extent(3), data.quantisation));
    const dw_conv_params_t settings = settings_of(asked, data, filter.extent(3) / images.extent(3));
    const data_dims_t shapes[] = {shape_of(*images->dims), shape_of(*filter->dims), shape_of(*output->dims)};
    return data.scratch.request(context,
                                esp_nn_get_depthwise_conv_scratch_size(&shapes[0], &shapes[1], &shapes[2], &settings));
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Data& data) {
    const Tensor images = input(context, node, 0);
    const Tensor filter = input(context, node, 1);
    const Tensor bias = input(context, node, 2);
    const Tensor results = output(context, node, 0);
    const dw_conv_params_t settings =
        settings_of(parameters<TfLiteDepthwiseConvParams>(node), data, filter.extent(3) / images.extent(3));
    const quant_data_t factors = {data.quantisation.shifts, data.quantisation.multipliers};
    const data_dims_t shapes[] = {shape_of(*images.dims), shape_of(*filter.dims), shape_of(*results.dims)};
    esp_nn_set_depthwise_conv_scratch_buf(data.scratch.get(context));
    for (int i = 0; i < images.extent(0); ++i) {
      esp_nn_depthwise_conv_s8(&shapes[0], images.int8() + i * image_size(images), &shapes[1], filter.int8(),
                               bias.int32(), &shapes[2], results.int8() + i * image_size(results), &settings, &factors);
    }
    return kTfLiteOk;
  }

  static dw_conv_params_t settings_of(const TfLiteDepthwiseConvParams& asked, const Data& data, int depth_multiplier) {
    dw_conv_params_t settings = {};
    settings.in_offset = data.quantisation.input_offset;
    settings.out_offset = data.quantisation.output_offset;
    settings.ch_mult = depth_multiplier;
    settings.stride = {asked.stride_width, asked.stride_height};
    settings.padding = {data.padding.width, data.padding.height};
    settings.dilation = {1, 1};
    settings.activation = {data.quantisation.lowest, data.quantisation.highest};
    return settings;
  }
};

}  // namespace

tflm::Registration depthwise_conv_2d() { return Adapter<DepthwiseConv2D>::registration(); }

}  // namespace lab::kernels
