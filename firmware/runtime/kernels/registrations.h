// Operators that a library of kernels computes. Which of them are there depends on the library that is built in.
#pragma once

#include "runtime/tflm.h"

namespace lab::kernels {

tflm::Registration conv_2d();
tflm::Registration depthwise_conv_2d();
tflm::Registration fully_connected();
tflm::Registration fully_connected_16x8();  // of the crate alone: of versions that keep dimensions, or have int16 data
tflm::Registration average_pool_2d();
tflm::Registration max_pool_2d();
tflm::Registration softmax();
tflm::Registration add();
tflm::Registration mul();

}  // namespace lab::kernels
