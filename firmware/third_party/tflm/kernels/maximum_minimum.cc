// MAXIMUM and MINIMUM of two tensors of any rank. The crate's take four dimensions and no int16.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace maximum_minimum {
namespace {

template <typename Choose>
TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* one = GetInput(context, node, 0);
  const TfLiteTensor* other = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  return with_type_of<float, int8_t, uint8_t, int16_t, int32_t, int64_t>(
      context, output, [&](auto type) { for_each_pair<decltype(type)>(one, other, output, Choose()); });
}

struct Larger {
  template <typename T>
  T operator()(T one, T other) const {
    return one > other ? one : other;
  }
};

struct Smaller {
  template <typename T>
  T operator()(T one, T other) const {
    return one < other ? one : other;
  }
};

}  // namespace
}  // namespace maximum_minimum

LAB_OPERATOR(Register_MAXIMUM, MAXIMUM, 4, "FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, maximum_minimum::Eval<maximum_minimum::Larger>};
  return &registration;
}

LAB_OPERATOR(Register_MINIMUM, MINIMUM, 4, "FLOAT32 INT16 INT32 INT64 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, maximum_minimum::Eval<maximum_minimum::Smaller>};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
