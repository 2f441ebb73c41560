// ESP-NN's shapes of TFLM's tensors.
#pragma once

#include "esp_nn.h"
#include "runtime/kernels/window.h"

namespace lab::kernels {

inline data_dims_t shape_of(const TfLiteIntArray& dims) { return {dims.data[2], dims.data[1], dims.data[3], 1}; }

// Values of one image, of several in a tensor.
inline int image_size(const Tensor& images) { return elements(images.dims) / images.extent(0); }

}  // namespace lab::kernels
