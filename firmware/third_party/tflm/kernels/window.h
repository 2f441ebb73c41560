// The window of a convolution over an image.
#pragma once

#include "operator.h"
#include "tensorflow/lite/kernels/padding.h"

namespace tflite {
namespace ops {
namespace micro {

// Along the rows, or the columns.
struct Line {
  int stride;
  int dilation;
  int padding;
  int extent;  // of the image
  int taps;

  // Calls visit(row of the image, tap) for each tap inside the image, for that row of the output.
  template <typename Visit>
  void for_each_tap(int output, Visit visit) const {
    for (int tap = 0; tap < taps; ++tap) {
      const int at = output * stride - padding + tap * dilation;
      if (0 <= at && at < extent) {
        visit(at, tap);
      }
    }
  }
};

struct Window {
  Line rows;
  Line columns;

  // Parameters are those of a convolution, depthwise or not; weights have their rows and columns second and third.
  template <typename Parameters>
  Window(const TfLiteTensor* image, const TfLiteTensor* weights, const Parameters& asked) {
    const int* dims = image->dims->data;
    const int* taps = weights->dims->data;
    int height, width;
    const TfLitePaddingValues padding = ComputePaddingHeightWidth(
        asked.stride_height, asked.stride_width, asked.dilation_height_factor, asked.dilation_width_factor, dims[1],
        dims[2], taps[1], taps[2], asked.padding, &height, &width);
    rows = {asked.stride_height, asked.dilation_height_factor, padding.height, dims[1], taps[1]};
    columns = {asked.stride_width, asked.dilation_width_factor, padding.width, dims[2], taps[2]};
  }
};

}  // namespace micro
}  // namespace ops
}  // namespace tflite
