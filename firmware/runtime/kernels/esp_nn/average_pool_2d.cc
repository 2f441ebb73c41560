#include "runtime/kernels/adapter.h"
#include "runtime/kernels/esp_nn/pools.h"
#include "runtime/kernels/registrations.h"

namespace lab::kernels {
namespace {

struct AveragePool2D {
  using Data = Pool;

  static tflm::Registration reference() { return LAB_REFERENCE(AVERAGE_POOL_2D); }

  static bool serves(TfLiteContext* context, const TfLiteNode* node) { return is_int8_pool(context, node); }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Pool& pool) {
    return prepare_pool(context, node, pool);
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Pool& pool) {
    return pool_images(esp_nn_avg_pool_s8, parameters<TfLitePoolParams>(node), pool, input(context, node, 0),
                       output(context, node, 0));
  }
};

}  // namespace

tflm::Registration average_pool_2d() { return Adapter<AveragePool2D>::registration(); }

}  // namespace lab::kernels
