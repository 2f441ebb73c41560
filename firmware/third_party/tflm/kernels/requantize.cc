// QUANTIZE from floats, or from one quantisation to another.

#include "quantize.h"

namespace tflite {
namespace ops {
namespace micro {
namespace quantize {
namespace {

// The crate's requantisation of int16 to int8 divides the scales as floats, today's TFLM and this as doubles.
template <typename In, typename Out>
void from_quantised(const TfLiteTensor* input, TfLiteTensor* output) {
  const Scaling scaling(scale_of(input) / scale_of(output));
  const int32_t from = input->params.zero_point;
  const int32_t to = output->params.zero_point;
  for (int i = 0; i < NumElements(input); ++i) {
    data_of<Out>(output)[i] = saturated<Out>(scaling(static_cast<int32_t>(data_of<In>(input)[i]) - from) + to);
  }
}

template <typename In, typename... Outs>
TfLiteStatus to(TfLiteContext* context, const TfLiteTensor* input, TfLiteTensor* output) {
  return with_type_of<Outs...>(context, output, [&](auto made) { from_quantised<In, decltype(made)>(input, output); });
}

TfLiteStatus EvalAll(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  switch (input->type) {
    case kTfLiteFloat32:
      return from_float<int8_t, uint8_t, int16_t>(context, input, output);
    case kTfLiteInt8:
      return to<int8_t, int8_t, uint8_t, int16_t, int32_t>(context, input, output);
    case kTfLiteUInt8:
      return to<uint8_t, int8_t, uint8_t, int16_t>(context, input, output);
    case kTfLiteInt16:
      return to<int16_t, int8_t, int16_t, int32_t>(context, input, output);
    case kTfLiteInt32:
      return to<int32_t, int8_t, int16_t>(context, input, output);
    default:
      return refuse(context, input);
  }
}

}  // namespace
}  // namespace quantize

LAB_OPERATOR(Register_REQUANTIZE, QUANTIZE, 3,
             "FLOAT32>INT16 FLOAT32>INT8 FLOAT32>UINT8 INT16 INT16>INT32 INT16>INT8 INT32>INT16 INT32>INT8 "
             "INT8 INT8>INT16 INT8>INT32 INT8>UINT8 UINT8 UINT8>INT16 UINT8>INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, quantize::Prepare, quantize::EvalAll};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
