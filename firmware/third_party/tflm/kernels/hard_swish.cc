// HARD_SWISH: a value times a gate that rises from 0 at -3 to 1 at 3.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace hard_swish {
namespace {

// A multiplier of 31 bits rounded to 15.
int16_t narrow(int32_t multiplier) {
  constexpr int32_t kHalf = 1 << 15;
  return multiplier >= std::numeric_limits<int32_t>::max() - kHalf ? std::numeric_limits<int16_t>::max()
                                                                   : static_cast<int16_t>((multiplier + kHalf) >> 16);
}

int16_t shifted_left(int16_t value, int amount) { return saturated<int16_t>(value * (1 << amount)); }

// In 16 bits with seven more behind the point than int8 has, as TFLM computes it.
class Int8Gate {
 public:
  Int8Gate(const TfLiteTensor* input, const TfLiteTensor* output)
      : input_zero_(input->params.zero_point),
        output_zero_(output->params.zero_point),
        result_(static_cast<double>(fine(input) / output->params.scale)),
        gate_(static_cast<double>(fine(input) / (3.0f / 32768.0f))) {}

  // The result is not scaled up: no output is so much finer than its input.
  bool computes() const { return result_.shift() <= 0; }

  int8_t operator()(int8_t value) const {
    using gemmlowp::RoundingDivideByPOT;
    using gemmlowp::SaturatingRoundingDoublingHighMul;
    const int16_t exact = static_cast<int16_t>((value - input_zero_) * (1 << 7));
    const int16_t scaled = SaturatingRoundingDoublingHighMul(exact, narrow(result_.multiplier()));
    // Shifts left in two steps, so that saturation is seen only where it is due.
    const int exponent = gate_.shift();
    int16_t gate = exponent > 0 ? shifted_left(exact, exponent - 1) : exact;
    gate = SaturatingRoundingDoublingHighMul(gate, narrow(gate_.multiplier()));
    if (exponent > 0) {
      gate = shifted_left(gate, 1);
    } else if (exponent < 0) {
      gate = RoundingDivideByPOT(gate, -exponent);
    }
    gate = static_cast<int16_t>((gate + (1 << 15)) >> 1);
    const int16_t product = static_cast<int16_t>(int32_t{gate} * scaled / (1 << 15));
    return saturated<int8_t>(RoundingDivideByPOT(product, -result_.shift()) + output_zero_);
  }

 private:
  static float fine(const TfLiteTensor* input) { return (1.0f / 128.0f) * input->params.scale; }

  int32_t input_zero_;
  int32_t output_zero_;
  Scaling result_;
  Scaling gate_;
};

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  if (input->type == kTfLiteFloat32) {
    for_each_element<float>(input, output,
                            [](float value) { return value * std::min(6.0f, std::max(0.0f, value + 3)) / 6; });
    return kTfLiteOk;
  }
  if (input->type != kTfLiteInt8) {
    return refuse(context, input);
  }
  const Int8Gate gate(input, output);
  TF_LITE_ENSURE(context, gate.computes());
  for_each_element<int8_t>(input, output, gate);
  return kTfLiteOk;
}

}  // namespace
}  // namespace hard_swish

LAB_OPERATOR(Register_HARD_SWISH, HARD_SWISH, 1, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, hard_swish::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
