// What the kernels in this folder share. A file here takes the place of the crate's file of the same name, or adds an
// operator, or another kernel of one, to the crate. Nothing else names it.
//
// None keeps anything from preparation: the crate gives no scratch once a kernel has allocated memory there
// (runtime/kernels/scratch.cc). The few factors of an operator are worked out again in each inference.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "tensorflow/lite/c/builtin_op_data.h"
#include "tensorflow/lite/c/common.h"
#include "tensorflow/lite/kernels/internal/common.h"
#include "tensorflow/lite/kernels/internal/quantization_util.h"
#include "tensorflow/lite/kernels/internal/tensor_ctypes.h"
#include "tensorflow/lite/kernels/kernel_util.h"

// The head of the function that gives TFLM an operator. The lab reads the line before it builds a model
// (lab/building/operators.py):
//   FUNCTION  is linked where a model needs it, and nothing else is
//   NAME      of the operator in the schema
//   VERSION   the highest that it takes
//   TYPES     of the data and the first output: "FLOAT32 INT8>INT16" are float to float and int8 to int16.
//             "input 2: FLOAT32" where the data are not the first input.
// A model gets the first FUNCTION of a NAME that takes all its operators of that name: the crate's own, then ours.
#define LAB_OPERATOR(FUNCTION, NAME, VERSION, TYPES) TfLiteRegistration* FUNCTION()

namespace tflite {
namespace ops {
namespace micro {

template <typename Parameters>
const Parameters& parameters(const TfLiteNode* node) {
  return *static_cast<const Parameters*>(node->builtin_data);
}

inline TfLiteStatus refuse(TfLiteContext* context, const TfLiteTensor* tensor) {
  TF_LITE_KERNEL_LOG(context, "Type %s is not supported.", TfLiteTypeGetName(tensor->type));
  return kTfLiteError;
}

template <typename T>
constexpr TfLiteType kTypeOf = std::is_same<T, float>::value  ? kTfLiteFloat32
                               : std::is_same<T, bool>::value ? kTfLiteBool
                               : sizeof(T) == 8               ? kTfLiteInt64
                               : sizeof(T) == 4               ? kTfLiteInt32
                               : sizeof(T) == 2               ? kTfLiteInt16
                               : std::is_signed<T>::value     ? kTfLiteInt8
                                                              : kTfLiteUInt8;

// Calls run with a value of the tensor's type, where that is one of Types.
template <typename... Types, typename Run>
TfLiteStatus with_type_of(TfLiteContext* context, const TfLiteTensor* tensor, Run run) {
  const bool done = ((tensor->type == kTypeOf<Types> && (run(Types()), true)) || ...);
  return done ? kTfLiteOk : refuse(context, tensor);
}

// A preparation that refuses data of other types than these, for kernels that could move any.
template <int Data, typename... Types>
TfLiteStatus Takes(TfLiteContext* context, TfLiteNode* node) {
  return with_type_of<Types...>(context, GetInput(context, node, Data), [](auto) {});
}

// Calls run with a value as wide as the tensor's elements, for kernels that move values and never look at them.
template <typename Run>
TfLiteStatus with_width_of(TfLiteContext* context, const TfLiteTensor* tensor, Run run) {
  switch (tensor->type) {
    case kTfLiteBool:
    case kTfLiteInt8:
    case kTfLiteUInt8:
      run(uint8_t());
      return kTfLiteOk;
    case kTfLiteInt16:
      run(uint16_t());
      return kTfLiteOk;
    case kTfLiteInt32:
    case kTfLiteFloat32:
      run(uint32_t());
      return kTfLiteOk;
    case kTfLiteInt64:
      run(uint64_t());
      return kTfLiteOk;
    default:
      return refuse(context, tensor);
  }
}

template <typename T>
T* data_of(TfLiteTensor* tensor) {
  return reinterpret_cast<T*>(tensor->data.raw);
}

template <typename T>
const T* data_of(const TfLiteTensor* tensor) {
  return tensor == nullptr ? nullptr : reinterpret_cast<const T*>(tensor->data.raw);
}

inline double scale_of(const TfLiteTensor* tensor) { return tensor->params.scale; }

template <typename T>
T saturated(int32_t value) {
  return static_cast<T>(
      std::min<int32_t>(std::numeric_limits<T>::max(), std::max<int32_t>(std::numeric_limits<T>::min(), value)));
}

// Multiplies by a real factor, with the roundings of TFLM's kernels.
class Scaling {
 public:
  explicit Scaling(double factor) { QuantizeMultiplier(factor, &multiplier_, &shift_); }
  Scaling(int32_t multiplier, int shift) : multiplier_(multiplier), shift_(shift) {}

  int32_t operator()(int32_t value) const { return MultiplyByQuantizedMultiplier(value, multiplier_, shift_); }

  // The crate's own for 64 bits overflows with the largest multipliers; today's TFLM does not.
  int32_t operator()(int64_t value) const {
    const int64_t reduced = multiplier_ < 0x7FFF0000 ? (multiplier_ + (1 << 15)) >> 16 : 0x7FFF;
    const int right = 15 - shift_;
    return static_cast<int32_t>((value * reduced + (int64_t{1} << (right - 1))) >> right);
  }

  int32_t multiplier() const { return multiplier_; }
  int shift() const { return shift_; }

 private:
  int32_t multiplier_;
  int shift_;
};

// What a fused activation bounds a quantised output to.
struct Bounds {
  int32_t least;
  int32_t most;

  int32_t operator()(int32_t value) const { return std::min(most, std::max(least, value)); }
};

inline TfLiteStatus bounds_of(TfLiteContext* context, TfLiteFusedActivation activation, TfLiteTensor* output,
                              Bounds* bounds) {
  return CalculateActivationRangeQuantized(context, activation, output, &bounds->least, &bounds->most);
}

// Factors of a weighted sum, one for each output channel or one for all.
class ChannelScalings {
 public:
  ChannelScalings(const TfLiteTensor* input, const TfLiteTensor* weights, const TfLiteTensor* output)
      : scales_(*static_cast<const TfLiteAffineQuantization*>(weights->quantization.params)->scale),
        input_(scale_of(input)),
        output_(scale_of(output)) {}

  Scaling operator[](int channel) const {
    const double scale = scales_.data[scales_.size > 1 ? channel : 0];
    return Scaling(input_ * scale / output_);
  }

 private:
  const TfLiteFloatArray& scales_;
  double input_;
  double output_;
};

}  // namespace micro
}  // namespace ops
}  // namespace tflite
