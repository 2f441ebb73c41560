#include "runtime/kernels/cmsis_nn/fully_connected.h"

#include "runtime/kernels/registrations.h"

namespace lab::kernels {

tflm::Registration fully_connected() { return Adapter<FullyConnected>::registration(); }

}  // namespace lab::kernels
