#include "runtime/kernels/int8_weights.h"

#include <algorithm>

#include "runtime/kernels/factors.h"
#include "tensorflow/lite/kernels/kernel_util.h"

namespace lab::kernels {
namespace {

constexpr int kInput = 0, kFilter = 1, kBias = 2, kOutput = 0;

const TfLiteAffineQuantization* quantisation_of(const PreparedTensor& filter) {
  return filter->quantization.type == kTfLiteAffineQuantization
             ? static_cast<const TfLiteAffineQuantization*>(filter->quantization.params)
             : nullptr;
}

bool is_around_zero(const PreparedTensor& filter) {
  const TfLiteAffineQuantization* quantisation = quantisation_of(filter);
  if (quantisation == nullptr || quantisation->scale == nullptr || quantisation->zero_point == nullptr) {
    return false;
  }
  const TfLiteIntArray& zero_points = *quantisation->zero_point;
  return std::all_of(zero_points.data, zero_points.data + zero_points.size, [](int zero) { return zero == 0; });
}

}  // namespace

bool has_int8_weights(TfLiteContext* context, const TfLiteNode* node) {
  const auto input = PreparedTensor::input(context, node, kInput);
  const auto filter = PreparedTensor::input(context, node, kFilter);
  const auto bias = PreparedTensor::input(context, node, kBias);
  const auto output = PreparedTensor::output(context, node, kOutput);
  return input && filter && output && input->type == kTfLiteInt8 && filter->type == kTfLiteInt8 &&
         output->type == kTfLiteInt8 && (!bias || bias->type == kTfLiteInt32) && is_around_zero(filter);
}

bool has_scale_for_each_channel(TfLiteContext* context, const TfLiteNode* node) {
  return quantisation_of(PreparedTensor::input(context, node, kFilter))->scale->size > 1;
}

TfLiteStatus prepare_channels(TfLiteContext* context, const TfLiteNode* node, TfLiteFusedActivation activation,
                              int channels, ChannelQuantisation& quantisation) {
  const auto input = PreparedTensor::input(context, node, kInput);
  const auto filter = PreparedTensor::input(context, node, kFilter);
  const auto bias = PreparedTensor::input(context, node, kBias);
  const auto output = PreparedTensor::output(context, node, kOutput);
  quantisation.input_offset = -input->params.zero_point;
  quantisation.output_offset = output->params.zero_point;
  quantisation.multipliers = take_factors(context, 2 * channels);
  TF_LITE_ENSURE(context, quantisation.multipliers != nullptr);
  quantisation.shifts = quantisation.multipliers + channels;
  int32_t unused_multiplier = 0;
  int unused_shift = 0;
  return tflite::PopulateConvolutionQuantizationParams(
      context, input.get(), filter.get(), bias.get(), output.get(), activation, &unused_multiplier, &unused_shift,
      &quantisation.lowest, &quantisation.highest, quantisation.multipliers,
      reinterpret_cast<tflm::ChannelShift*>(quantisation.shifts), channels);
}

}  // namespace lab::kernels
