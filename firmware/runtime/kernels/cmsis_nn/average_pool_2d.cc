#include "runtime/kernels/adapter.h"
#include "runtime/kernels/cmsis_nn/pools.h"
#include "runtime/kernels/registrations.h"
#include "runtime/kernels/scratch.h"

namespace lab::kernels {
namespace {

struct AveragePool2D {
  struct Data {
    Pool pool;
    Scratch scratch;
  };

  static tflm::Registration reference() { return LAB_REFERENCE(AVERAGE_POOL_2D); }

  static bool serves(TfLiteContext* context, const TfLiteNode* node) { return is_int8_pool(context, node); }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Data& data) {
    TF_LITE_ENSURE_STATUS(prepare_pool(context, node, data.pool));
    const auto output = PreparedTensor::output(context, node, 0);
    return data.scratch.request(context, arm_avgpool_s8_get_buffer_size(output.extent(2), output.extent(3)));
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Data& data) {
    return pool_images(arm_avgpool_s8, parameters<TfLitePoolParams>(node), data.pool, data.scratch.get(context),
                       input(context, node, 0), output(context, node, 0));
  }
};

}  // namespace

tflm::Registration average_pool_2d() { return Adapter<AveragePool2D>::registration(); }

}  // namespace lab::kernels
