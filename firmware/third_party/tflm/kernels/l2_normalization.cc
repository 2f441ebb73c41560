// L2_NORMALIZATION in the version that TensorFlow writes for int8 today: the crate's computes it.

#include "operator.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"

namespace tflite {
namespace ops {
namespace micro {

LAB_OPERATOR(Register_L2_NORMALIZATION_VERSION_2, L2_NORMALIZATION, 2, "FLOAT32 INT8 UINT8") {
  return Register_L2_NORMALIZATION();
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
