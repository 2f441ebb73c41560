// MEAN, SUM, REDUCE_MAX and REDUCE_MIN over any dimensions. The crate has a MEAN of floats over the rows and columns of
// an image alone.

#include "operator.h"
#include "walk.h"

namespace tflite {
namespace ops {
namespace micro {
namespace reduce {
namespace {

struct Reduction {
  Axes<1> kept;
  Axes<1> reduced;
  int elements = 1;  // that become one

  Reduction(const TfLiteTensor* input, const TfLiteTensor* axes) {
    const TfLiteIntArray* dims = input->dims;
    uint32_t chosen = 0;
    for (int i = 0; i < NumElements(axes); ++i) {
      const int32_t axis = data_of<int32_t>(axes)[i];
      chosen |= 1u << (axis < 0 ? axis + dims->size : axis);
    }
    for (int i = 0; i < dims->size; ++i) {
      const bool goes = (chosen >> i & 1) != 0;
      (goes ? reduced : kept).add(dims->data[i], {step_of(dims, i)});
      elements *= goes ? dims->data[i] : 1;
    }
  }

  // Calls take(output, sum) with what combine makes of the elements of each output, in the order of the input.
  template <typename Sum, typename T, typename Combine, typename Take>
  void run(const T* input, Sum first, Combine combine, Take take) const {
    int output = 0;
    walk(kept, [&](int from) {
      Sum sum = first;
      walk(reduced, [&](int at) { sum = combine(sum, input[at]); }, from);
      take(output++, sum);
    });
  }
};

struct Tensors {
  const TfLiteTensor* input;
  const TfLiteTensor* axes;
  TfLiteTensor* output;

  Tensors(TfLiteContext* context, TfLiteNode* node)
      : input(GetInput(context, node, 0)), axes(GetInput(context, node, 1)), output(GetOutput(context, node, 0)) {}
};

// The division by the number of elements becomes part of the factor.
Scaling mean_scaling(const Tensors& tensors, int elements) {
  const Scaling whole(scale_of(tensors.input) / scale_of(tensors.output));
  int shift = 63 - __builtin_clzll(static_cast<uint64_t>(elements));
  shift = std::min(shift, 31 + whole.shift());
  const int64_t multiplier = (static_cast<int64_t>(whole.multiplier()) << shift) / elements;
  return Scaling(static_cast<int32_t>(multiplier), whole.shift() - shift);
}

template <typename T>
void add_up_quantised(const Tensors& tensors, const Reduction& reduction, const Scaling& scaling) {
  T* output = data_of<T>(tensors.output);
  const int32_t zeros = tensors.input->params.zero_point * reduction.elements;
  const int32_t zero_point = tensors.output->params.zero_point;
  reduction.run(
      data_of<T>(tensors.input), int32_t{0}, [](int32_t sum, T value) { return sum + value; },
      [&](int at, int32_t sum) { output[at] = saturated<T>(scaling(sum - zeros) + zero_point); });
}

void add_up(const Tensors& tensors, const Reduction& reduction, float divisor) {
  float* output = data_of<float>(tensors.output);
  reduction.run(
      data_of<float>(tensors.input), 0.0f, [](float sum, float value) { return sum + value; },
      [&](int at, float sum) { output[at] = sum / divisor; });
}

TfLiteStatus EvalMean(TfLiteContext* context, TfLiteNode* node) {
  const Tensors tensors(context, node);
  const Reduction reduction(tensors.input, tensors.axes);
  if (tensors.input->type == kTfLiteFloat32) {
    add_up(tensors, reduction, static_cast<float>(reduction.elements));
    return kTfLiteOk;
  }
  return with_type_of<int8_t, int16_t>(context, tensors.input, [&](auto type) {
    add_up_quantised<decltype(type)>(tensors, reduction, mean_scaling(tensors, reduction.elements));
  });
}

TfLiteStatus EvalSum(TfLiteContext* context, TfLiteNode* node) {
  const Tensors tensors(context, node);
  const Reduction reduction(tensors.input, tensors.axes);
  if (tensors.input->type == kTfLiteFloat32) {
    add_up(tensors, reduction, 1.0f);
    return kTfLiteOk;
  }
  return with_type_of<int8_t, int16_t>(context, tensors.input, [&](auto type) {
    add_up_quantised<decltype(type)>(tensors, reduction, Scaling(scale_of(tensors.input) / scale_of(tensors.output)));
  });
}

template <typename T, typename Better>
void choose(const Tensors& tensors, T worst, Better better) {
  T* output = data_of<T>(tensors.output);
  Reduction(tensors.input, tensors.axes)
      .run(
          data_of<T>(tensors.input), worst, [&](T best, T value) { return better(value, best) ? value : best; },
          [&](int at, T best) { output[at] = best; });
}

struct Greater {
  template <typename T>
  static constexpr T worst = std::numeric_limits<T>::lowest();
  template <typename T>
  bool operator()(T one, T other) const {
    return one > other;
  }
};

struct Less {
  template <typename T>
  static constexpr T worst = std::numeric_limits<T>::max();
  template <typename T>
  bool operator()(T one, T other) const {
    return one < other;
  }
};

template <typename Better>
TfLiteStatus EvalChoice(TfLiteContext* context, TfLiteNode* node) {
  const Tensors tensors(context, node);
  return with_type_of<float, int8_t>(
      context, tensors.input, [&](auto type) { choose(tensors, Better::template worst<decltype(type)>, Better()); });
}

}  // namespace
}  // namespace reduce

LAB_OPERATOR(Register_MEAN, MEAN, 3, "FLOAT32 INT8 INT16") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, reduce::EvalMean};
  return &registration;
}

LAB_OPERATOR(Register_SUM, SUM, 2, "FLOAT32 INT8 INT16") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, reduce::EvalSum};
  return &registration;
}

LAB_OPERATOR(Register_REDUCE_MAX, REDUCE_MAX, 2, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, reduce::EvalChoice<reduce::Greater>};
  return &registration;
}

LAB_OPERATOR(Register_REDUCE_MIN, REDUCE_MIN, 2, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, reduce::EvalChoice<reduce::Less>};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
