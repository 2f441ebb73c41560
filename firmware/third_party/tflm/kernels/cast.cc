// CAST: values of one type as another.

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace cast {
namespace {

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  TfLiteStatus status = kTfLiteOk;
  const TfLiteStatus known = with_type_of<float, int8_t, int16_t, int32_t>(context, input, [&](auto given) {
    const auto* from = data_of<decltype(given)>(input);
    status = with_type_of<float, int8_t, int16_t, int32_t>(context, output, [&](auto made) {
      using Made = decltype(made);
      std::transform(from, from + NumElements(input), data_of<Made>(output),
                     [](auto value) { return static_cast<Made>(value); });
    });
  });
  return known == kTfLiteOk ? status : known;
}

}  // namespace
}  // namespace cast

LAB_OPERATOR(Register_CAST, CAST, 6,
             "FLOAT32 FLOAT32>INT16 FLOAT32>INT32 FLOAT32>INT8 INT16 INT16>FLOAT32 INT16>INT32 INT16>INT8 INT32 "
             "INT32>FLOAT32 INT32>INT16 INT32>INT8 INT8 INT8>FLOAT32 INT8>INT16 INT8>INT32") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, cast::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
