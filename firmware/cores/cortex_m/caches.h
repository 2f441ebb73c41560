// The caches of a Cortex-M7. Arm DDI 0403E, B2.2; the sequences are those of Arm DUI 0646C, 4.8.
#pragma once

namespace cortex_m {

// Both caches, empty. What a DMA controller writes must then lie in tightly coupled memory, which is not cached.
void enable_caches();

}  // namespace cortex_m
