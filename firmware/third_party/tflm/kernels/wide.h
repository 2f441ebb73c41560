// What the kernels of int16 data and int8 weights share. They are functions of their own, beside those of 8 bits, which
// stay as small as they are; what is not int16 goes to the crate's.
#pragma once

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {

inline bool has_int16_data(TfLiteContext* context, TfLiteNode* node) {
  return GetInput(context, node, 0)->type == kTfLiteInt16;
}

// Made of the crate's registration of an operator: int16, which the crate's preparation would not let pass, is computed
// by Invoke.
template <TfLiteRegistration* (*Crates)(), TfLiteStatus (*Invoke)(TfLiteContext*, TfLiteNode*),
          bool (*IsOurs)(TfLiteContext*, TfLiteNode*) = has_int16_data>
struct Wide {
  static TfLiteStatus prepare(TfLiteContext* context, TfLiteNode* node) {
    return IsOurs(context, node) || Crates()->prepare == nullptr ? kTfLiteOk : Crates()->prepare(context, node);
  }

  static TfLiteStatus invoke(TfLiteContext* context, TfLiteNode* node) {
    return IsOurs(context, node) ? Invoke(context, node) : Crates()->invoke(context, node);
  }

  static TfLiteRegistration* registration() {
    static TfLiteRegistration made = *Crates();
    made.prepare = prepare;
    made.invoke = invoke;
    return &made;
  }
};

// Scales sums of products of int16 and int8 for one output channel. With a bias of int32 the sums have 32 bits,
// else 64.
class WideOutput {
 public:
  WideOutput(TfLiteContext* context, TfLiteNode* node, TfLiteFusedActivation activation)
      : bias_(GetOptionalInputTensor(context, node, 2)),
        output_(GetOutput(context, node, 0)),
        scalings_(GetInput(context, node, 0), GetInput(context, node, 1), output_) {
    status_ = bounds_of(context, activation, output_, &bounds_);
  }

  TfLiteStatus status() const { return status_; }

  // Calls sum_of(element) for the elements of that channel, and stores what becomes of the sums.
  template <typename T = int16_t, typename SumOf>
  void channel(int channel, int first, int step, int count, SumOf sum_of) const {
    const Scaling scaling = scalings_[channel];
    const bool has_int32 = bias_ != nullptr && bias_->type == kTfLiteInt32;
    const bool is_narrow = has_int32 || sizeof(T) == 1;
    const int64_t bias = bias_ == nullptr ? 0
                         : has_int32      ? data_of<int32_t>(bias_)[channel]
                                          : data_of<int64_t>(bias_)[channel];
    for (int i = 0; i < count; ++i) {
      const int64_t sum = sum_of(i) + bias;
      const int32_t scaled = is_narrow ? scaling(static_cast<int32_t>(sum)) : scaling(sum);
      data_of<T>(output_)[first + i * step] = static_cast<T>(bounds_(scaled + output_->params.zero_point));
    }
  }

 private:
  const TfLiteTensor* bias_;
  TfLiteTensor* output_;
  ChannelScalings scalings_;
  Bounds bounds_;
  TfLiteStatus status_;
};

}  // namespace micro
}  // namespace ops
}  // namespace tflite
