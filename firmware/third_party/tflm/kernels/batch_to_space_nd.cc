// BATCH_TO_SPACE_ND: images become blocks of one, as dilated convolutions are written.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace batch_to_space_nd {
namespace {

// A row of the output is in the image of its remainder by the block, at its quotient.
TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  const int32_t* block = data_of<int32_t>(GetInput(context, node, 1));
  const int32_t* crops = data_of<int32_t>(GetInput(context, node, 2));
  TfLiteTensor* output = GetOutput(context, node, 0);
  const TfLiteIntArray* made = output->dims;
  TF_LITE_ENSURE(context, made->size == 3 || made->size == 4);
  const bool is_image = made->size == 4;
  const int block_width = is_image ? block[1] : 1;
  const int left = is_image ? crops[2] : 0;
  const int right = left + (is_image ? made->data[2] : 1);
  const int column = is_image ? step_of(input->dims, 2) : 0;
  const size_t width = input->bytes / NumElements(input);
  const size_t depth = made->data[made->size - 1] * width;
  char* to = output->data.raw;
  for (int batch = 0; batch < made->data[0]; ++batch) {
    for (int y = crops[0]; y < crops[0] + made->data[1]; ++y) {
      for (int x = left; x < right; ++x, to += depth) {
        const int image = (y % block[0] * block_width + x % block_width) * made->data[0] + batch;
        const int from =
            image * step_of(input->dims, 0) + y / block[0] * step_of(input->dims, 1) + x / block_width * column;
        std::memcpy(to, input->data.raw + from * width, depth);
      }
    }
  }
  return kTfLiteOk;
}

}  // namespace
}  // namespace batch_to_space_nd

LAB_OPERATOR(Register_BATCH_TO_SPACE_ND, BATCH_TO_SPACE_ND, 3, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t>, batch_to_space_nd::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
