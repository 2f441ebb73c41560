// FULLY_CONNECTED by the library, whichever of TFLM's registrations it stands before.
#pragma once

#include <cstdint>

#include "esp_nn.h"
#include "runtime/kernels/adapter.h"
#include "runtime/kernels/dense.h"

namespace lab::kernels {
namespace {

struct FullyConnected {
  using Data = Dense;

  static tflm::Registration reference() { return LAB_REFERENCE(FULLY_CONNECTED); }

  // ESP-NN counts in 16 bits.
  static bool serves(TfLiteContext* context, const TfLiteNode* node) {
    const auto filter = PreparedTensor::input(context, node, 1);
    return has_int8_weights(context, node) && filter.extent(0) <= UINT16_MAX && filter.extent(1) <= UINT16_MAX;
  }

  static TfLiteStatus prepare(TfLiteContext* context, const TfLiteNode* node, Dense& dense) {
    return prepare_dense(context, node, dense);
  }

  static TfLiteStatus invoke(TfLiteContext* context, const TfLiteNode* node, const Dense& dense) {
    const ChannelQuantisation& quantisation = dense.quantisation;
    const Tensor values = input(context, node, 0);
    const Tensor filter = input(context, node, 1);
    const Tensor bias = input(context, node, 2);
    const Tensor results = output(context, node, 0);
    const int outputs = filter.extent(0);
    const int depth = filter.extent(1);
    for (int row = 0; row < elements(results.dims) / outputs; ++row) {
      const int8_t* from = values.int8() + row * depth;
      int8_t* to = results.int8() + row * outputs;
      if (dense.by_channel) {
        esp_nn_fully_connected_per_ch_s8(from, quantisation.input_offset, depth, filter.int8(), 0, bias.int32(), to,
                                         outputs, quantisation.output_offset, quantisation.shifts,
                                         quantisation.multipliers, quantisation.lowest, quantisation.highest);
      } else {
        esp_nn_fully_connected_s8(from, quantisation.input_offset, depth, filter.int8(), 0, bias.int32(), to, outputs,
                                  quantisation.output_offset, dense.shift, dense.multiplier, quantisation.lowest,
                                  quantisation.highest);
      }
    }
    return kTfLiteOk;
  }
};

}  // namespace
}  // namespace lab::kernels
