#include "arm_nnfunctions.h"
#include "runtime/kernels/adapter.h"
#include "runtime/kernels/int8_softmax.h"
#include "runtime/kernels/registrations.h"

namespace lab::kernels {
namespace {

struct Softmax {
  using Data = Int8Softmax;

  static tflm::Registration reference() { return LAB_REFERENCE(SOFTMAX); }

  static bool serves(TfLiteContext* context, const TfLiteNode* node) { return is_int8_softmax(context, node); }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Int8Softmax& softmax) {
    return prepare_softmax(context, node, softmax);
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Int8Softmax& softmax) {
    const Tensor values = input(context, node, 0);
    const int width = values.extent(values.dims->size - 1);
    arm_softmax_s8(values.int8(), elements(values.dims) / width, width, softmax.multiplier, softmax.shift,
                   softmax.lowest_difference, output(context, node, 0).int8());
    return kTfLiteOk;
  }
};

}  // namespace

tflm::Registration softmax() { return Adapter<Softmax>::registration(); }

}  // namespace lab::kernels
