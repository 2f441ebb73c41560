// RESIZE_BILINEAR of images.

#include "operator.h"

namespace tflite {
namespace ops {
namespace micro {
namespace resize_bilinear {
namespace {

// Where a row or column of the output lies between two of the input. Real is float, or int32 with ten bits behind the
// point, kOne.
template <typename Real>
constexpr Real kOne = 1;
template <>
constexpr int32_t kOne<int32_t> = 1 << 10;

template <typename Real>
struct Between {
  int lower;
  int upper;
  Real beyond_lower;
};

struct Line {
  int from;
  int to;
  bool align_corners;
  bool half_pixel_centers;

  bool aligned() const { return align_corners && to > 1; }
};

Between<float> between(const Line& line, int at, float) {
  const float scale =
      line.aligned() ? static_cast<float>(line.from - 1) / (line.to - 1) : static_cast<float>(line.from) / line.to;
  const float place = line.half_pixel_centers ? (at + 0.5f) * scale - 0.5f : at * scale;
  const int lower = std::max(static_cast<int>(std::floor(place)), 0);
  return {lower, std::min(static_cast<int>(std::ceil(place)), line.from - 1), place - lower};
}

Between<int32_t> between(const Line& line, int at, int32_t) {
  constexpr int32_t one = kOne<int32_t>;
  const int from = line.aligned() ? line.from - 1 : line.from;
  const int to = line.aligned() ? line.to - 1 : line.to;
  const int32_t scale = (one * from + to / 2) / to;
  const int32_t place = at * scale + (line.half_pixel_centers ? scale / 2 - one / 2 : 0);
  const int lower = std::max<int>(place / one, 0);
  return {lower, std::min<int>((place + one - 1) / one, line.from - 1), place - one * lower};
}

template <typename T>
T interpolated(float sum) {
  return std::is_integral<T>::value ? static_cast<T>(sum + 0.5f) : sum;
}

template <typename T>
T interpolated(int64_t sum) {
  constexpr int64_t one = int64_t{1} << 20;
  return static_cast<T>((sum + (sum > 0 ? one / 2 : -one / 2)) / one);
}

template <typename T, typename Real, typename Sum>
void resize(const TfLiteTensor* input, const Line& rows, const Line& columns, TfLiteTensor* output) {
  const int depth = input->dims->data[3];
  T* to = data_of<T>(output);
  for (int batch = 0; batch < input->dims->data[0]; ++batch) {
    const T* image = data_of<T>(input) + batch * rows.from * columns.from * depth;
    for (int y = 0; y < rows.to; ++y) {
      const Between<Real> row = between(rows, y, Real());
      for (int x = 0; x < columns.to; ++x) {
        const Between<Real> column = between(columns, x, Real());
        const auto at = [&](int r, int c, int channel) -> Sum {
          return image[(r * columns.from + c) * depth + channel];
        };
        const Real down = row.beyond_lower, right = column.beyond_lower;
        const Real up = kOne<Real> - down, left = kOne<Real> - right;
        for (int channel = 0; channel < depth; ++channel) {
          *to++ = interpolated<T>(
              at(row.lower, column.lower, channel) * up * left + at(row.upper, column.lower, channel) * down * left +
              at(row.lower, column.upper, channel) * up * right + at(row.upper, column.upper, channel) * down * right);
        }
      }
    }
  }
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TfLiteTensor* output = GetOutput(context, node, 0);
  const auto& asked = parameters<TfLiteResizeBilinearParams>(node);
  const auto line = [&](int dimension) -> Line {
    return {input->dims->data[dimension], output->dims->data[dimension], asked.align_corners, asked.half_pixel_centers};
  };
  switch (input->type) {
    case kTfLiteFloat32:
      resize<float, float, float>(input, line(1), line(2), output);
      return kTfLiteOk;
    case kTfLiteUInt8:
      resize<uint8_t, float, float>(input, line(1), line(2), output);
      return kTfLiteOk;
    case kTfLiteInt8:
      resize<int8_t, int32_t, int64_t>(input, line(1), line(2), output);
      return kTfLiteOk;
    default:
      return refuse(context, input);
  }
}

}  // namespace
}  // namespace resize_bilinear

LAB_OPERATOR(Register_RESIZE_BILINEAR, RESIZE_BILINEAR, 4, "FLOAT32 INT8 UINT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, resize_bilinear::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
