// CMSIS-NN's shapes of TFLM's tensors.
#pragma once

#include "arm_nnfunctions.h"
#include "runtime/kernels/window.h"

namespace lab::kernels {

inline cmsis_nn_dims shape_of(const TfLiteIntArray& dims) {
  return {dims.data[0], dims.data[1], dims.data[2], dims.data[3]};
}

// A bias or another row of values.
inline cmsis_nn_dims row_of(int values) { return {1, 1, 1, values}; }

inline TfLiteStatus status_of(arm_cmsis_nn_status status) {
  return status == ARM_CMSIS_NN_SUCCESS ? kTfLiteOk : kTfLiteError;
}

}  // namespace lab::kernels
