// SPACE_TO_BATCH_ND: blocks of an image become images, as dilated convolutions are written.

#include "move.h"

namespace tflite {
namespace ops {
namespace micro {
namespace space_to_batch_nd {
namespace {

// The rows, or columns, of the input that one image of the output consists of.
struct Interleaved {
  int first;  // of them in the output
  int count;
  int offset;  // of the first in the input
};

Interleaved interleaved(int block, int position, int before, int extent) {
  const int offset = ((position - before) % block + block) % block;
  const int count = offset < extent ? (extent - offset + block - 1) / block : 0;
  return {(before + offset) / block, count, offset};
}

TfLiteStatus run(TfLiteContext* context, const TfLiteTensor* input, const int32_t* block, const int32_t* padding,
                 TfLiteTensor* output) {
  const TfLiteIntArray* dims = input->dims;
  const bool is_image = dims->size == 4;
  const int block_width = is_image ? block[1] : 1;
  const int width = is_image ? dims->data[2] : 1;
  const int row = step_of(dims, 1), column = is_image ? step_of(dims, 2) : 0;
  const int out_row = step_of(output->dims, 1), out_column = is_image ? step_of(output->dims, 2) : 0;
  return with_width_of(context, input, [&](auto element) {
    using Element = decltype(element);
    std::fill_n(data_of<Element>(output), NumElements(output), static_cast<Element>(output->params.zero_point));
    for (int image = 0; image < output->dims->data[0]; ++image) {
      const int position = image / dims->data[0];
      const Interleaved rows = interleaved(block[0], position / block_width, padding[0], dims->data[1]);
      const Interleaved columns = interleaved(block_width, position % block_width, is_image ? padding[2] : 0, width);
      Axes<2> axes;
      axes.add(rows.count, {block[0] * row, out_row});
      axes.add(columns.count, {block_width * column, out_column});
      axes.add(dims->data[dims->size - 1], {1, 1});
      const int from = image % dims->data[0] * step_of(dims, 0) + rows.offset * row + columns.offset * column;
      const int to = image * step_of(output->dims, 0) + rows.first * out_row + columns.first * out_column;
      walk(axes, [&](int a, int b) { data_of<Element>(output)[b] = data_of<Element>(input)[a]; }, from, to);
    }
  });
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteTensor* input = GetInput(context, node, 0);
  TF_LITE_ENSURE(context, input->dims->size == 3 || input->dims->size == 4);
  return run(context, input, data_of<int32_t>(GetInput(context, node, 1)), data_of<int32_t>(GetInput(context, node, 2)),
             GetOutput(context, node, 0));
}

}  // namespace
}  // namespace space_to_batch_nd

LAB_OPERATOR(Register_SPACE_TO_BATCH_ND, SPACE_TO_BATCH_ND, 3, "FLOAT32 INT8") {
  static TfLiteRegistration registration = {nullptr, nullptr, Takes<0, float, int8_t>, space_to_batch_nd::Eval};
  return &registration;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
