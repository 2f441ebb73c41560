#include "esp_nn.h"
#include "runtime/kernels/adapter.h"
#include "runtime/kernels/addition.h"
#include "runtime/kernels/registrations.h"

namespace lab::kernels {
namespace {

struct Add {
  using Data = Addition;

  static tflm::Registration reference() { return LAB_REFERENCE(ADD); }

  static bool serves(TfLiteContext* context, const TfLiteNode* node) { return is_int8_elementwise(context, node); }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Addition& addition) {
    return prepare_addition(context, node, addition);
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Addition& addition) {
    const Tensor result = output(context, node, 0);
    esp_nn_add_elementwise_s8(input(context, node, 0).int8(), input(context, node, 1).int8(), addition.first_offset,
                              addition.second_offset, addition.first.multiplier, addition.second.multiplier,
                              addition.first.shift, addition.second.shift, Addition::kLeftShift, result.int8(),
                              addition.output_offset, addition.output.multiplier, addition.output.shift,
                              addition.lowest, addition.highest, elements(result.dims));
    return kTfLiteOk;
  }
};

}  // namespace

tflm::Registration add() { return Adapter<Add>::registration(); }

}  // namespace lab::kernels
