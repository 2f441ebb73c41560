// What the kernels of QUANTIZE share.
#pragma once

#include "operator.h"
#include "tensorflow/lite/kernels/internal/reference/quantize.h"

namespace tflite {
namespace ops {
namespace micro {
namespace quantize {

inline TfLiteStatus Prepare(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* output = GetOutput(context, node, 0);
  TF_LITE_ENSURE_EQ(context, output->quantization.type, kTfLiteAffineQuantization);
  TF_LITE_ENSURE_EQ(context, static_cast<const TfLiteAffineQuantization*>(output->quantization.params)->scale->size, 1);
  return kTfLiteOk;
}

template <typename... Outs>
TfLiteStatus from_float(TfLiteContext* context, const TfLiteTensor* input, TfLiteTensor* output) {
  tflite::QuantizationParams quantisation;
  quantisation.zero_point = output->params.zero_point;
  quantisation.scale = scale_of(output);
  return with_type_of<Outs...>(context, output, [&](auto made) {
    reference_ops::AffineQuantize(quantisation, GetTensorShape(input), data_of<float>(input), GetTensorShape(output),
                                  data_of<decltype(made)>(output));
  });
}

}  // namespace quantize
}  // namespace micro
}  // namespace ops
}  // namespace tflite
