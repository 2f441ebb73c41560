// BATCH_MATMUL: products of matrices, either of them transposed if asked.

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {
namespace batch_matmul {
namespace {

// Rows and columns of the two matrices, and how far apart their elements are.
struct Product {
  int rows;
  int columns;
  int depth;
  int left_row;
  int left_step;
  int right_column;
  int right_step;
};

Product product_of(const TfLiteTensor* left, const TfLiteTensor* right, const TfLiteBatchMatMulParams& asked) {
  const int* one = left->dims->data + left->dims->size - 2;
  const int* other = right->dims->data + right->dims->size - 2;
  Product product;
  product.rows = one[asked.adj_x ? 1 : 0];
  product.depth = one[asked.adj_x ? 0 : 1];
  product.columns = other[asked.adj_y ? 0 : 1];
  product.left_row = asked.adj_x ? 1 : one[1];
  product.left_step = asked.adj_x ? one[1] : 1;
  product.right_column = asked.adj_y ? other[1] : 1;
  product.right_step = asked.adj_y ? 1 : other[1];
  return product;
}

// Calls take(sum of products) for each element of the output, in its order.
template <typename T, typename Sum, typename Multiply, typename Take>
void run(const TfLiteTensor* left, const TfLiteTensor* right, const TfLiteTensor* output, const Product& product,
         Multiply multiply, Take take) {
  Axes<2> matrices;
  const int rank = output->dims->size;
  for (int i = 0; i < rank - 2; ++i) {
    matrices.add(output->dims->data[i], {broadcast_step(left->dims, rank, i), broadcast_step(right->dims, rank, i)});
  }
  walk(matrices, [&](int first, int second) {
    for (int row = 0; row < product.rows; ++row) {
      for (int column = 0; column < product.columns; ++column) {
        const T* one = data_of<T>(left) + first + row * product.left_row;
        const T* other = data_of<T>(right) + second + column * product.right_column;
        Sum sum = 0;
        for (int i = 0; i < product.depth; ++i) {
          sum += multiply(one[i * product.left_step], other[i * product.right_step]);
        }
        take(sum);
      }
    }
  });
}

template <typename T, typename Sum>
void run_quantised(const TfLiteTensor* left, const TfLiteTensor* right, const Product& product, TfLiteTensor* output) {
  const Scaling scaling(scale_of(left) * scale_of(right) / scale_of(output));
  const int32_t left_zero = left->params.zero_point, right_zero = right->params.zero_point;
  T* to = data_of<T>(output);
  run<T, Sum>(
      left, right, output, product, [&](T a, T b) { return (a - left_zero) * (b - right_zero); },
      [&](Sum sum) { *to++ = saturated<T>(scaling(sum) + output->params.zero_point); });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* left = GetInput(context, node, 0);
  const TfLiteTensor* right = GetInput(context, node, 1);
  TfLiteTensor* output = GetOutput(context, node, 0);
  TF_LITE_ENSURE_EQ(context, left->type, right->type);
  const Product product = product_of(left, right, parameters<TfLiteBatchMatMulParams>(node));
  float* to = data_of<float>(output);
  switch (left->type) {
    case kTfLiteFloat32:
      run<float, float>(
          left, right, output, product, [](float a, float b) { return a * b; }, [&](float sum) { *to++ = sum; });
      return kTfLiteOk;
    case kTfLiteInt8:
      run_quantised<int8_t, int32_t>(left, right, product, output);
      return kTfLiteOk;
    case kTfLiteInt16:
      run_quantised<int16_t, int64_t>(left, right, product, output);
      return kTfLiteOk;
    default:
      return refuse(context, left);
  }
}

}  // namespace
}  // namespace batch_matmul

LAB_OPERATOR(Register_BATCH_MATMUL, BATCH_MATMUL, 4, "FLOAT32 INT16 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, nullptr, batch_matmul::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
