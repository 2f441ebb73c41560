// ADD_N: the sum of any number of tensors of one shape.

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace add_n {
namespace {

// Stores result(start and what term() makes of the element of each input), for each element.
template <typename T, typename Sum, typename Term, typename Result>
void add_up(TfLiteContext* context, TfLiteNode* node, Sum start, Term term, Result result) {
  TfLiteTensor* output = GetOutput(context, node, 0);
  for (int64_t i = 0; i < NumElements(output); ++i) {
    Sum sum = start;
    for (int j = 0; j < NumInputs(node); ++j) {
      sum += term(data_of<T>(GetInput(context, node, j))[i]);
    }
    data_of<T>(output)[i] = result(sum);
  }
}

// From the quantised number 0 on, as TFLM of today: with another zero point the sum is off by it.
void add_up_int8(TfLiteContext* context, TfLiteNode* node) {
  constexpr int kLeftShift = 20;
  const TfLiteTensor* first = GetInput(context, node, 0);
  const TfLiteTensor* output = GetOutput(context, node, 0);
  const Scaling half(0.5);
  const Scaling scaling(2 * scale_of(first) / ((1 << kLeftShift) * scale_of(output)));
  const auto term = [&](int32_t value) { return half((value - first->params.zero_point) * (1 << kLeftShift)); };
  add_up<int8_t>(context, node, term(0), term,
                 [&](int32_t sum) { return saturated<int8_t>(scaling(sum) + output->params.zero_point); });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* output = GetOutput(context, node, 0);
  const auto same = [](auto value) { return value; };
  switch (output->type) {
    case kTfLiteFloat32:
      add_up<float>(context, node, 0.0f, same, same);
      return kTfLiteOk;
    case kTfLiteInt32:
      add_up<int32_t>(context, node, int32_t{0}, same, same);
      return kTfLiteOk;
    case kTfLiteInt8:
      add_up_int8(context, node);
      return kTfLiteOk;
    default:
      return refuse(context, output);
  }
}

}  // namespace
}  // namespace add_n

LAB_OPERATOR(Register_ADD_N, ADD_N, 1, "FLOAT32 INT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, add_n::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
