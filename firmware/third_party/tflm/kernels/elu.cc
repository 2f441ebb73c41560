// ELU: the exponential of what is below zero, less one.

#include "table.h"

namespace tflite {
namespace ops {
namespace micro {
namespace elu {
namespace {

float elu(const TfLiteNode*, float value) { return value < 0 ? std::exp(value) - 1 : value; }

}  // namespace
}  // namespace elu

LAB_OPERATOR(Register_ELU, ELU, 1, "FLOAT32 INT8") { return Tabled<elu::elu>::registration(); }

}  // namespace micro
}  // namespace ops
}  // namespace tflite
