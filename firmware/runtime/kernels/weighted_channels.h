// How much the registrations keep for the model of this image: one size of library serves all models.
#pragma once
#include <cstddef>

namespace lab::kernels {

// Output channels of all operators that are computed here with weights. The image defines it.
extern const size_t kWeightedChannels;

}  // namespace lab::kernels
