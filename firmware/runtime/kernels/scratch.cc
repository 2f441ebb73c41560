#include "runtime/kernels/scratch.h"

namespace lab::kernels {

#if LAB_TFLM_OF_TODAY

TfLiteStatus Scratch::request(TfLiteContext* context, size_t bytes) {
  index_ = kNone;
  return bytes == 0 ? kTfLiteOk : context->RequestScratchBufferInArena(context, bytes, &index_);
}

void* Scratch::get(TfLiteContext* context) const {
  return index_ == kNone ? nullptr : context->GetScratchBuffer(context, index_);
}

#else

// The crate refuses a scratch buffer once anything persistent was allocated after an earlier one, and nearly every
// operator allocates that. So all share one persistent buffer, of the size that the greediest of them needs.
namespace {
uint8_t* shared = nullptr;
size_t shared_size = 0;
}  // namespace

TfLiteStatus Scratch::request(TfLiteContext* context, size_t bytes) {
  if (bytes > shared_size) {
    shared = persistent<uint8_t>(context, bytes);
    shared_size = bytes;
  }
  return bytes == 0 || shared != nullptr ? kTfLiteOk : kTfLiteError;
}

void* Scratch::get(TfLiteContext*) const { return shared; }

#endif

}  // namespace lab::kernels
