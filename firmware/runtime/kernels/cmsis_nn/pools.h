// CMSIS-NN's settings and shapes of a pool.
#pragma once

#include "runtime/kernels/cmsis_nn/shapes.h"
#include "runtime/kernels/pooling.h"

namespace lab::kernels {

inline cmsis_nn_pool_params settings_of(const TfLitePoolParams& asked, const Pool& pool) {
  cmsis_nn_pool_params settings = {};
  settings.stride = {asked.stride_width, asked.stride_height};
  settings.padding = {pool.padding.width, pool.padding.height};
  settings.activation = {pool.lowest, pool.highest};
  return settings;
}

using Function = decltype(&arm_max_pool_s8);

// One image after the other: CMSIS-NN 4.0.0 pools a single one.
inline TfLiteStatus pool_images(Function function, const TfLitePoolParams& asked, const Pool& pool, void* scratch,
                                const Tensor& images, const Tensor& results) {
  const cmsis_nn_context context = {scratch, 0};
  const cmsis_nn_pool_params settings = settings_of(asked, pool);
  const cmsis_nn_dims window = {1, asked.filter_height, asked.filter_width, 1};
  cmsis_nn_dims image = shape_of(*images.dims);
  cmsis_nn_dims result = shape_of(*results.dims);
  const int count = image.n;
  image.n = result.n = 1;
  for (int i = 0; i < count; ++i) {
    TF_LITE_ENSURE_STATUS(
        status_of(function(&context, &settings, &image, images.int8() + i * image.h * image.w * image.c, &window,
                           &result, results.int8() + i * result.h * result.w * result.c)));
  }
  return kTfLiteOk;
}

}  // namespace lab::kernels
