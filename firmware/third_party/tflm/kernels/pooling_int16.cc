// AVERAGE_POOL_2D and MAX_POOL_2D of int16. The crate has the loops and never calls them.

#include "tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h"
#include "tensorflow/lite/kernels/padding.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "wide.h"

namespace tflite {
namespace ops {
namespace micro {
namespace pooling_int16 {
namespace {

using Pool = void (*)(const PoolParams&, const RuntimeShape&, const int16_t*, const RuntimeShape&, int16_t*);

template <Pool Run>
TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const auto& asked = parameters<TfLitePoolParams>(node);
  Bounds bounds;
  TF_LITE_ENSURE_STATUS(bounds_of(context, asked.activation, output, &bounds));
  int height, width;
  const TfLitePaddingValues padding = ComputePaddingHeightWidth(
      asked.stride_height, asked.stride_width, 1, 1, SizeOfDimension(input, 1), SizeOfDimension(input, 2),
      asked.filter_height, asked.filter_width, asked.padding, &height, &width);

  PoolParams params = {};
  params.stride_height = asked.stride_height;
  params.stride_width = asked.stride_width;
  params.filter_height = asked.filter_height;
  params.filter_width = asked.filter_width;
  params.padding_values.height = padding.height;
  params.padding_values.width = padding.width;
  params.quantized_activation_min = bounds.least;
  params.quantized_activation_max = bounds.most;
  Run(params, GetTensorShape(input), data_of<int16_t>(input), GetTensorShape(output), data_of<int16_t>(output));
  return kTfLiteOk;
}

}  // namespace
}  // namespace pooling_int16

LAB_OPERATOR(Register_AVERAGE_POOL_2D_INT16, AVERAGE_POOL_2D, 3, "FLOAT32 INT16 INT8 UINT8") {
  return Wide<Register_AVERAGE_POOL_2D, pooling_int16::Eval<reference_integer_ops::AveragePool>>::registration();
}

LAB_OPERATOR(Register_MAX_POOL_2D_INT16, MAX_POOL_2D, 3, "FLOAT32 INT16 INT8 UINT8") {
  return Wide<Register_MAX_POOL_2D, pooling_int16::Eval<reference_integer_ops::MaxPool>>::registration();
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
