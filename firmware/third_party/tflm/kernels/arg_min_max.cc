// ARG_MAX and ARG_MIN. The crate's take int8 in the version of 2018 alone, and give no int64.

#include <functional>

#include "operator.h"
#include "walk.h"

namespace tflite {
namespace ops {
namespace micro {
namespace arg_min_max {
namespace {

// Where along an axis of `count` elements, `step` apart, the first is that none is better than.
template <typename Better, typename T>
int place(const T* values, int count, int step) {
  int best = 0;
  for (int i = 1; i < count; ++i) {
    best = Better()(values[i * step], values[best * step]) ? i : best;
  }
  return best;
}

template <template <typename> class Better, typename T, typename Index>
void run(const TfLiteTensor* input, int axis, TfLiteTensor* output) {
  const int count = input->dims->data[axis], step = step_of(input->dims, axis);
  const int rows = static_cast<int>(NumElements(output)) / step;
  Index* to = data_of<Index>(output);
  for (int row = 0; row < rows; ++row) {
    for (int i = 0; i < step; ++i) {
      *to++ = place<Better<T>>(data_of<T>(input) + row * count * step + i, count, step);
    }
  }
}

template <template <typename> class Better>
TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const TfLiteTensor* axes = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const int given = static_cast<int>(axes->type == kTfLiteInt64 ? *data_of<int64_t>(axes) : *data_of<int32_t>(axes));
  const int axis = given < 0 ? given + input->dims->size : given;
  return with_type_of<float, int8_t, uint8_t>(context, input, [&](auto value) {
    with_type_of<int32_t, int64_t>(
        context, output, [&](auto index) { run<Better, decltype(value), decltype(index)>(input, axis, output); });
  });
}

TfLiteStatus Prepare(TfLiteContext* context, TfLiteNode* node) {
  TF_LITE_ENSURE_STATUS((Takes<0, float, int8_t, uint8_t>(context, node)));
  return with_type_of<int32_t, int64_t>(context, GetOutput(context, node, 0), [](auto) {});
}

}  // namespace
}  // namespace arg_min_max

LAB_OPERATOR(Register_ARG_MAX, ARG_MAX, 2,
             "FLOAT32>INT32 FLOAT32>INT64 INT8>INT32 INT8>INT64 UINT8>INT32 UINT8>INT64") {
  static TfLiteRegistration registration = {nullptr, nullptr, arg_min_max::Prepare, arg_min_max::Eval<std::greater>};
  return &registration;
}

LAB_OPERATOR(Register_ARG_MIN, ARG_MIN, 2,
             "FLOAT32>INT32 FLOAT32>INT64 INT8>INT32 INT8>INT64 UINT8>INT32 UINT8>INT64") {
  static TfLiteRegistration registration = {nullptr, nullptr, arg_min_max::Prepare, arg_min_max::Eval<std::less>};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
