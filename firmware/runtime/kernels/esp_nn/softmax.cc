#include "esp_nn.h"
#include "runtime/board.h"
#include "runtime/kernels/adapter.h"
#include "runtime/kernels/int8_softmax.h"
#include "runtime/kernels/registrations.h"
#include "runtime/kernels/scratch.h"

// Called in the place of printf where a scratch buffer is missing, which is none of ours.
extern "C" int lab_esp_nn_complaint(const char*, ...) { board::park(); }

namespace lab::kernels {
namespace {

struct Softmax {
  struct Data {
    Int8Softmax softmax;
    Scratch scratch;
  };

  static tflm::Registration reference() { return LAB_REFERENCE(SOFTMAX); }

  static bool serves(TfLiteContext* context, const TfLiteNode* node) { return is_int8_softmax(context, node); }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Data& data) {
    TF_LITE_ENSURE_STATUS(prepare_softmax(context, node, data.softmax));
    const auto values = PreparedTensor::input(context, node, 0);
    const int width = values.extent(values->dims->size - 1);
    return data.scratch.request(context, esp_nn_get_softmax_scratch_size(width, elements(values->dims) / width));
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Data& data) {
    const Tensor values = input(context, node, 0);
    const int width = values.extent(values.dims->size - 1);
    esp_nn_set_softmax_scratch_buf(data.scratch.get(context));
    esp_nn_softmax_s8(values.int8(), elements(values.dims) / width, width, data.softmax.multiplier, data.softmax.shift,
                      data.softmax.lowest_difference, output(context, node, 0).int8());
    return kTfLiteOk;
  }
};

}  // namespace

tflm::Registration softmax() { return Adapter<Softmax>::registration(); }

}  // namespace lab::kernels
