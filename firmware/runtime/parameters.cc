#include "runtime/parameters.h"

#include "arena_config.h"
#include "workload_config.h"

static_assert(workload::kStrideSteps >= 1, "inferences follow each other by at least one feature step");
static_assert(workload::kAverageInferences >= 1 && workload::kAverageInferences <= lab::kMostAveraged);

extern "C" {
extern const lab::Parameters lab_parameters;
const lab::Parameters lab_parameters __attribute__((section(".lab_parameters"), used)) = {
    0x5042414C,  // "LABP"
    2,
    lab::kStream,
    workload::kClipFrames,
    workload::kStrideSteps,
    workload::kAverageInferences,
    workload::kThreshold,
    workload::kRefractoryMs,
    0,
    0xFFFFFFFF,
    workload::kArenaBytes,
};
}

namespace lab {

// Not seen through by the compiler: the image may hold other values than these when it runs.
__attribute__((noipa)) const Parameters& parameters() { return lab_parameters; }

}  // namespace lab
