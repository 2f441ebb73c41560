// A window that moves over an image, of a convolution or a pool: how far it reaches over the edge.
#pragma once

#include "runtime/kernels/node.h"
#include "tensorflow/lite/kernels/padding.h"

namespace lab::kernels {

struct Padding {
  int32_t height;
  int32_t width;
};

// Rows before the first and columns left of the image. `image` is NHWC.
template <typename Parameters>
Padding padding_of(const Parameters& parameters, const TfLiteIntArray& image, int window_height, int window_width,
                   int dilation_height = 1, int dilation_width = 1) {
  int output_height = 0, output_width = 0;
  const TfLitePaddingValues found = tflite::ComputePaddingHeightWidth(
      parameters.stride_height, parameters.stride_width, dilation_height, dilation_width, image.data[1], image.data[2],
      window_height, window_width, parameters.padding, &output_height, &output_width);
  return {found.height, found.width};
}

}  // namespace lab::kernels
