// FULLY_CONNECTED from version 5 on, which TFLM of 2020 has from the lab: a library stands before that one too.
#pragma once

#include "runtime/kernels/adapter.h"

namespace tflite::ops::micro {
TfLiteRegistration* Register_FULLY_CONNECTED_16X8();
}

namespace lab::kernels {
namespace {

// `FullyConnected` is the library's.
template <class FullyConnected>
struct FullyConnected16x8 : FullyConnected {
  static tflm::Registration reference() { return LAB_REFERENCE(FULLY_CONNECTED_16X8); }
};

}  // namespace
}  // namespace lab::kernels
