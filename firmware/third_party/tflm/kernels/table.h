// Functions of one float, and of int8 by a table that is worked out at the start.
#pragma once

#include "elementwise.h"

namespace tflite {
namespace ops {
namespace micro {

// Function takes the node, for its options, and a value.
template <float (*Function)(const TfLiteNode*, float)>
struct Tabled {
  static void* init(TfLiteContext* context, const char*, size_t) {
    void* table = nullptr;
    context->AllocatePersistentBuffer(context, 256, &table);
    return table;
  }

  static TfLiteStatus prepare(TfLiteContext* context, TfLiteNode* node) {
    TF_LITE_ENSURE(context, node->user_data != nullptr);
    const TfLiteTensor* input = GetInput(context, node, 0);
    const TfLiteTensor* output = GetOutput(context, node, 0);
    if (input->type != kTfLiteInt8) {
      return kTfLiteOk;
    }
    int8_t* table = static_cast<int8_t*>(node->user_data);
    const float inverse_scale = 1 / output->params.scale;
    for (int value = -128; value < 128; ++value) {
      const float result = Function(node, input->params.scale * (value - input->params.zero_point));
      const float quantised = std::round(result * inverse_scale) + output->params.zero_point;
      table[static_cast<uint8_t>(value)] = saturated<int8_t>(static_cast<int32_t>(quantised));
    }
    return kTfLiteOk;
  }

  static TfLiteStatus invoke(TfLiteContext* context, TfLiteNode* node) {
    const TfLiteTensor* input = GetInput(context, node, 0);
    TfLiteTensor* output = GetOutput(context, node, 0);
    switch (input->type) {
      case kTfLiteFloat32:
        for_each_element<float>(input, output, [&](float value) { return Function(node, value); });
        return kTfLiteOk;
      case kTfLiteInt8:
        for_each_element<int8_t>(input, output, [&](int8_t value) {
          return static_cast<const int8_t*>(node->user_data)[static_cast<uint8_t>(value)];
        });
        return kTfLiteOk;
      default:
        return refuse(context, input);
    }
  }

  static TfLiteRegistration* registration() {
    static TfLiteRegistration made = {init, nullptr, prepare, invoke};
    return &made;
  }
};

}  // namespace micro
}  // namespace ops
}  // namespace tflite
