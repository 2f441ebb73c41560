// SOFTMAX of int16: by tables of the exponential and of a reciprocal, as TFLM computes it.

#include <cmath>

#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "wide.h"

namespace tflite {
namespace ops {
namespace micro {
namespace softmax_int16 {
namespace {

constexpr int kSteps = 512;
constexpr int kFull = 65535;  // from the least to the most int16
constexpr float kReach = 10;  // of the exponential: what is smaller by more counts as nothing
constexpr double kUnit = kReach / static_cast<double>(kFull);

struct Tables {
  int16_t exponential[kSteps + 1];  // from -kReach to 0
  int16_t reciprocal[kSteps + 1];   // of 1 + x, x from 0 to 1
};

// A curve from `least` to `most`, in 2 / kFull. Each entry is moved so that the middle of its step is less wrong.
template <typename Curve>
void fill(int16_t (&table)[kSteps + 1], float least, float most, Curve curve) {
  constexpr float kScale = 2.0f / kFull;
  constexpr float kInverse = (kFull + 1) / (kScale * 32767 - kScale * -32768);
  const float step = (most - least) / kSteps;
  const auto kept = [](float value) { return static_cast<int16_t>(std::min(32767.0f, std::max(-32768.0f, value))); };
  for (int i = 0; i < kSteps; ++i) {
    const float start = std::round(curve(least + i * step) * kInverse);
    const float straight = std::round((curve(least + (i + 1) * step) * kInverse + start) / 2);
    const float error = straight - std::round(curve(least + i * step + step / 2) * kInverse);
    table[i] = kept(start - std::round(error / 2));
  }
  table[kSteps] = kept(std::round(curve(most) * kInverse));
}

void* Init(TfLiteContext* context, const char*, size_t) {
  void* memory = nullptr;
  if (context->AllocatePersistentBuffer(context, sizeof(Tables), &memory) != kTfLiteOk) {
    return nullptr;
  }
  Tables& tables = *static_cast<Tables*>(memory);
  fill(tables.exponential, kReach / kFull * -kFull, 0, [](float value) { return std::exp(value); });
  fill(tables.reciprocal, 0, 1.0f / kFull * kFull, [](float value) { return 1 / (1 + value); });
  return memory;
}

// One row, whose exponentials stand in the output until their sum is known.
void run(const Tables& tables, const Scaling& scaling, const int16_t* input, int16_t* output, int count) {
  const int32_t most = *std::max_element(input, input + count);
  int32_t sum = 0;  // 15 bits behind the point, as each term
  for (int i = 0; i < count; ++i) {
    const int16_t below = saturated<int16_t>(scaling(input[i] - most) + 32767);
    output[i] = generic_int16_table_lookup(below, tables.exponential);
    sum += output[i];
  }
  const int bits = 31 - CountLeadingZeros(static_cast<uint32_t>(sum));
  const int64_t between_one_and_two = ((static_cast<int64_t>(sum) << (30 - bits)) + (1 << 13)) >> 14;
  const int16_t fraction = saturated<int16_t>(static_cast<int32_t>(between_one_and_two) - (1 << 15) - (1 << 16));
  const int64_t reciprocal = generic_int16_table_lookup(fraction, tables.reciprocal);
  for (int i = 0; i < count; ++i) {
    const int32_t quotient = static_cast<int32_t>((output[i] * reciprocal + (1 << (bits - 1))) >> bits);
    output[i] = static_cast<int16_t>(std::min<int32_t>(32767, std::max<int32_t>(0, quotient)));
  }
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  TF_LITE_ENSURE(context, node->user_data != nullptr);
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  TF_LITE_ENSURE_EQ(context, output->type, kTfLiteInt16);
  TF_LITE_ENSURE_EQ(context, output->params.zero_point, 0);
  const Scaling scaling(scale_of(input) * parameters<TfLiteSoftmaxParams>(node).beta / kUnit);
  const int depth = SizeOfDimension(input, NumDimensions(input) - 1);
  for (int first = 0; first < NumElements(input); first += depth) {
    run(*static_cast<const Tables*>(node->user_data), scaling, data_of<int16_t>(input) + first,
        data_of<int16_t>(output) + first, depth);
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace softmax_int16

LAB_OPERATOR(Register_SOFTMAX_INT16, SOFTMAX, 3, "FLOAT32 INT16 INT8 INT8>INT16 UINT8") {
  TfLiteRegistration* made = Wide<Register_SOFTMAX, softmax_int16::Eval>::registration();
  made->init = softmax_int16::Init;
  return made;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
