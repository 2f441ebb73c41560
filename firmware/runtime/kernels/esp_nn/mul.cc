#include "esp_nn.h"
#include "runtime/kernels/adapter.h"
#include "runtime/kernels/multiplication.h"
#include "runtime/kernels/registrations.h"

namespace lab::kernels {
namespace {

struct Mul {
  using Data = Multiplication;

  static tflm::Registration reference() { return LAB_REFERENCE(MUL); }

  static bool serves(TfLiteContext* context, const TfLiteNode* node) { return is_int8_elementwise(context, node); }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Multiplication& multiplication) {
    return prepare_multiplication(context, node, multiplication);
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Multiplication& multiplication) {
    const Tensor result = output(context, node, 0);
    esp_nn_mul_elementwise_s8(input(context, node, 0).int8(), input(context, node, 1).int8(),
                              multiplication.first_offset, multiplication.second_offset, result.int8(),
                              multiplication.output_offset, multiplication.multiplier, multiplication.shift,
                              multiplication.lowest, multiplication.highest, elements(result.dims));
    return kTfLiteOk;
  }
};

}  // namespace

tflm::Registration mul() { return Adapter<Mul>::registration(); }

}  // namespace lab::kernels
