#include "runtime/kernels/esp_nn/fully_connected.h"
#include "runtime/kernels/registrations.h"

#if !LAB_TFLM_OF_TODAY
#include "runtime/kernels/fully_connected_16x8.h"

namespace lab::kernels {

tflm::Registration fully_connected_16x8() { return Adapter<FullyConnected16x8<FullyConnected>>::registration(); }

}  // namespace lab::kernels
#endif
