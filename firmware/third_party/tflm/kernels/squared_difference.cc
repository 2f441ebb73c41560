// SQUARED_DIFFERENCE, what a variance is made of.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace squared_difference {
namespace {

template <typename T>
void run_quantised(const TfLiteTensor* one, const TfLiteTensor* other, int left_shift, TfLiteTensor* output) {
  const double twice_larger = 2 * std::max(scale_of(one), scale_of(other));
  const CommonScale common(one, other, twice_larger, left_shift);
  const Scaling result(twice_larger * twice_larger / static_cast<double>((1 << left_shift * 2) * output->params.scale));
  for_each_pair<T>(one, other, output, [&](T a, T b) {
    const int32_t difference = common.of_first(a) - common.of_second(b);
    return saturated<T>(result(difference * difference) + output->params.zero_point);
  });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* one = GetInput(context, node, 0);
  const TfLiteTensor* other = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const auto square = [](auto a, auto b) { return (a - b) * (a - b); };
  switch (output->type) {
    case kTfLiteFloat32:
      for_each_pair<float>(one, other, output, square);
      return kTfLiteOk;
    case kTfLiteInt32:
      for_each_pair<int32_t>(one, other, output, square);
      return kTfLiteOk;
    case kTfLiteInt8:
      run_quantised<int8_t>(one, other, 7, output);  // the square of 8 bits shifted so far fits 32
      return kTfLiteOk;
    case kTfLiteInt16:
      run_quantised<int16_t>(one, other, 0, output);
      return kTfLiteOk;
    default:
      return refuse(context, output);
  }
}

}  // namespace
}  // namespace squared_difference

LAB_OPERATOR(Register_SQUARED_DIFFERENCE, SQUARED_DIFFERENCE, 3, "FLOAT32 INT16 INT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, squared_difference::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
