#include "runtime/kernels/factors.h"

#include "runtime/kernels/weighted_channels.h"

namespace lab::kernels {

#if LAB_TFLM_OF_TODAY

void reserve_factors(TfLiteContext*) {}

int32_t* take_factors(TfLiteContext* context, size_t count) { return persistent<int32_t>(context, count); }

#else

// The crate refuses scratch buffers once anything else was allocated after the first of them. So nothing is, between
// the preparation of one operator and the next.
namespace {
size_t numbers() { return 2 * kWeightedChannels; }  // a multiplier and a shift

int32_t* room = nullptr;
size_t taken = 0;
}  // namespace

void reserve_factors(TfLiteContext* context) {
  if (room == nullptr && numbers() > 0) {
    room = persistent<int32_t>(context, numbers());
  }
}

int32_t* take_factors(TfLiteContext* context, size_t count) {
  if (room == nullptr || taken + count > numbers()) {
    return persistent<int32_t>(context, count);
  }
  taken += count;
  return room + taken - count;
}

#endif

}  // namespace lab::kernels
