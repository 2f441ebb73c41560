#include "runtime/kernels/scratch.h"

namespace lab::kernels {
namespace {

// Where TFLM refuses: one buffer for good, of the size that the greediest operator needs. The crate does so after an
// operator of its own has allocated something in preparation, which few do.
uint8_t* shared = nullptr;
size_t shared_size = 0;

bool share(TfLiteContext* context, size_t bytes) {
  if (bytes > shared_size) {
    shared = persistent<uint8_t>(context, bytes);
    shared_size = bytes;
  }
  return shared != nullptr;
}

}  // namespace

TfLiteStatus Scratch::request(TfLiteContext* context, size_t bytes) {
  index_ = kNone;
  if (bytes == 0 || context->RequestScratchBufferInArena(context, bytes, &index_) == kTfLiteOk) {
    return kTfLiteOk;
  }
  index_ = kShared;
  return share(context, bytes) ? kTfLiteOk : kTfLiteError;
}

void* Scratch::get(TfLiteContext* context) const {
  switch (index_) {
    case kNone:
      return nullptr;
    case kShared:
      return shared;
    default:
      return context->GetScratchBuffer(context, index_);
  }
}

}  // namespace lab::kernels
