// RESIZE_NEAREST_NEIGHBOR of images. The crate's knows no half pixel centers.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace resize_nearest_neighbor {
namespace {

struct Line {
  int from;
  int to;
  bool align_corners;
  bool half_pixel_centers;

  int nearest(int at) const {
    const float scale =
        align_corners && to > 1 ? (from - 1) / static_cast<float>(to - 1) : from / static_cast<float>(to);
    const float place = (at + (half_pixel_centers ? 0.5f : 0.0f)) * scale;
    const int found = static_cast<int>(align_corners ? std::round(place) : std::floor(place));
    return std::max(0, std::min(found, from - 1));
  }
};

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const auto& asked = parameters<TfLiteResizeNearestNeighborParams>(node);
  const auto line = [&](int dimension) -> Line {
    return {input->dims->data[dimension], output->dims->data[dimension], asked.align_corners, asked.half_pixel_centers};
  };
  const Line rows = line(1), columns = line(2);
  const size_t depth = input->dims->data[3] * (input->bytes / NumElements(input));
  char* to = output->data.raw;
  for (int batch = 0; batch < input->dims->data[0]; ++batch) {
    for (int y = 0; y < rows.to; ++y) {
      const int row = (batch * rows.from + rows.nearest(y)) * columns.from;
      for (int x = 0; x < columns.to; ++x, to += depth) {
        std::memcpy(to, input->data.raw + (row + columns.nearest(x)) * depth, depth);
      }
    }
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace resize_nearest_neighbor

LAB_OPERATOR(Register_RESIZE_NEAREST_NEIGHBOR, RESIZE_NEAREST_NEIGHBOR, 4, "FLOAT32 INT16 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t, uint8_t, int16_t>,
                                            resize_nearest_neighbor::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
