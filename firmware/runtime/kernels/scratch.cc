#include "runtime/kernels/scratch.h"

namespace lab::kernels {
namespace {

// The crate refuses to plan scratch once anything else was allocated after the first of it. From then on there is one
// buffer for good, of the size that the greediest operator needs.
bool is_shared = false;
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

void Scratch::others_allocate() { is_shared = !LAB_TFLM_OF_TODAY; }

TfLiteStatus Scratch::request(TfLiteContext* context, size_t bytes) {
  index_ = kNone;
  if (bytes == 0) {
    return kTfLiteOk;
  }
  if (is_shared) {
    index_ = kShared;
    return share(context, bytes) ? kTfLiteOk : kTfLiteError;
  }
  return context->RequestScratchBufferInArena(context, bytes, &index_);
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
