// Calling ESP-NN's pools.
#pragma once

#include "esp_nn.h"
#include "runtime/kernels/pooling.h"

namespace lab::kernels {

using PoolFunction = decltype(&esp_nn_max_pool_s8);

// One image after the other: ESP-NN pools a single one.
inline TfLiteStatus pool_images(PoolFunction function, const TfLitePoolParams& asked, const Pool& pool,
                                const Tensor& images, const Tensor& results) {
  const int height = images.extent(1), width = images.extent(2), depth = images.extent(3);
  const int result_height = results.extent(1), result_width = results.extent(2);
  for (int i = 0; i < images.extent(0); ++i) {
    function(images.int8() + i * height * width * depth, width, height,
             results.int8() + i * result_height * result_width * depth, result_width, result_height, asked.stride_width,
             asked.stride_height, asked.filter_width, asked.filter_height, pool.padding.width, pool.padding.height,
             pool.lowest, pool.highest, depth);
  }
  return kTfLiteOk;
}

}  // namespace lab::kernels
