#include "runtime/kernels/weighted_channels.h"

#include "kernels_config.h"

namespace lab::kernels {

const size_t kWeightedChannels = workload::kWeightedChannels;

}  // namespace lab::kernels
