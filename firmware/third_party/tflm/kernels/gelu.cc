// GELU: a value times the share of a normal distribution below it, exactly or by its approximation.

#include "later.h"
#include "table.h"

namespace tflite {
namespace ops {
namespace micro {
namespace gelu {
namespace {

constexpr float kRootOfHalf = 0.70710678f;
constexpr float kRootOfTwoByPi = 0.79788456f;

float gelu(const TfLiteNode* node, float value) {
  const bool approximate = is_set(node, 0);
  return approximate ? 0.5f * value * (1 + std::tanh(kRootOfTwoByPi * (value + 0.044715f * value * value * value)))
                     : 0.5f * value * std::erfc(-kRootOfHalf * value);
}

}  // namespace
}  // namespace gelu

LAB_OPERATOR(Register_GELU, GELU, 2, "FLOAT32 INT8") { return Tabled<gelu::gelu>::registration(); }

}  // namespace micro
}  // namespace ops
}  // namespace tflite
