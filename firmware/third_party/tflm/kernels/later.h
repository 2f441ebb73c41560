// What operators share that are later than the crate's schema.
#pragma once

#include "flatbuffers/flatbuffers.h"
#include "tensorflow/lite/c/common.h"

namespace tflite {
namespace ops {
namespace micro {

// An option that is true or false, by its place in the operator's table of schema.fbs. The crate has no struct for it:
// the table itself is what TFLM gives the kernel (runtime/operators.cc).
inline bool is_set(const TfLiteNode* node, int place) {
  const auto* table = static_cast<const flatbuffers::Table*>(node->builtin_data);
  return table != nullptr && table->GetField<uint8_t>(static_cast<flatbuffers::voffset_t>(4 + 2 * place), 0) != 0;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
