// CUMSUM: sums along a dimension, of all values up to each.

#include "later.h"
#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace cumsum {
namespace {

// What there is to do along the dimension: `first` of its `count` values is the first to be added.
struct Line {
  int first;
  int step;
  int count;
  bool exclusive;
};

template <typename T, typename Sum, typename Term, typename Result>
void add_up(const T* from, T* to, const Line& line, Sum sum, Term term, Result result) {
  for (int i = 0, at = line.first; i < line.count; ++i, at += line.step) {
    const Sum before = sum;
    sum += term(from[at]);
    to[at] = result(line.exclusive ? before : sum);
  }
}

// Calls run(distance of the first value) for each line of values along the dimension.
template <typename Run>
void for_each_line(const TfLiteIntArray& dims, int along, Run run) {
  Axes<1> axes;
  for (int i = 0; i < dims.size; ++i) {
    if (i != along) {
      axes.add(dims.data[i], {step_of(&dims, i)});
    }
  }
  walk(axes, run);
}

// From the quantised number 0 on, as TFLM of today: with another zero point each sum is off by it.
void add_up_int8(const TfLiteTensor* input, TfLiteTensor* output, int along, const Line& line) {
  constexpr int kLeftShift = 20;
  const Scaling half(0.5);
  const Scaling scaling(2 * scale_of(input) / ((1 << kLeftShift) * scale_of(output)));
  const auto term = [&](int32_t value) { return half((value - input->params.zero_point) * (1 << kLeftShift)); };
  const auto result = [&](int32_t sum) { return saturated<int8_t>(scaling(sum) + output->params.zero_point); };
  for_each_line(*input->dims, along, [&](int at) {
    add_up(data_of<int8_t>(input) + at, data_of<int8_t>(output) + at, line, term(0), term, result);
  });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const TfLiteIntArray& dims = *input->dims;
  TF_LITE_ENSURE(context, dims.size <= kMostAxes);
  const int along = from_start(*data_of<int32_t>(GetInput(context, node, 1)), dims.size);
  TF_LITE_ENSURE(context, along >= 0 && along < dims.size);
  const int step = step_of(&dims, along), count = dims.data[along];
  const bool exclusive = is_set(node, 0), reverse = is_set(node, 1);
  const Line line = {reverse ? (count - 1) * step : 0, reverse ? -step : step, count, exclusive};
  const auto same = [](auto value) { return value; };
  switch (input->type) {
    case kTfLiteFloat32:
      for_each_line(dims, along, [&](int at) {
        add_up(data_of<float>(input) + at, data_of<float>(output) + at, line, 0.0f, same, same);
      });
      return kTfLiteOk;
    case kTfLiteInt8:
      add_up_int8(input, output, along, line);
      return kTfLiteOk;
    default:
      return refuse(context, input);
  }
}

}  // namespace
}  // namespace cumsum

LAB_OPERATOR(Register_CUMSUM, CUMSUM, 1, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, cumsum::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
