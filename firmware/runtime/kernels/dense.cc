#include "runtime/kernels/dense.h"

#include "tensorflow/lite/kernels/internal/quantization_util.h"
#include "tensorflow/lite/kernels/kernel_util.h"

namespace lab::kernels {

TfLiteStatus prepare_dense(TfLiteContext* context, const TfLiteNode* node, Dense& dense) {
  const TfLiteFusedActivation activation = parameters<TfLiteFullyConnectedParams>(node).activation;
  const auto filter = PreparedTensor::input(context, node, 1);
  dense.by_channel = has_scale_for_each_channel(context, node);
  if (dense.by_channel) {
    return prepare_channels(context, node, activation, filter.extent(0), dense.quantisation);
  }
  const auto values = PreparedTensor::input(context, node, 0);
  const auto bias = PreparedTensor::input(context, node, 2);
  const auto output = PreparedTensor::output(context, node, 0);
  double real = 0;
  TF_LITE_ENSURE_STATUS(
      tflite::GetQuantizedConvolutionMultipler(context, values.get(), filter.get(), bias.get(), output.get(), &real));
  tflite::QuantizeMultiplier(real, &dense.multiplier, &dense.shift);
  dense.quantisation.input_offset = -values->params.zero_point;
  dense.quantisation.output_offset = output->params.zero_point;
  return tflite::CalculateActivationRangeQuantized(context, activation, output.get(), &dense.quantisation.lowest,
                                                   &dense.quantisation.highest);
}

}  // namespace lab::kernels
