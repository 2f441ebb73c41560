#include "runtime/kernels/esp_nn/fully_connected.h"
#include "runtime/kernels/registrations.h"

#if !LAB_TFLM_OF_TODAY
namespace tflite::ops::micro {
TfLiteRegistration* Register_FULLY_CONNECTED_16X8();
}

namespace lab::kernels {
namespace {

struct FullyConnected16x8 : FullyConnected {
  static tflm::Registration reference() { return LAB_REFERENCE(FULLY_CONNECTED_16X8); }
};

}  // namespace

tflm::Registration fully_connected_16x8() { return Adapter<FullyConnected16x8>::registration(); }

}  // namespace lab::kernels
#endif
