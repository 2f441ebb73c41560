#include "cores/cortex_m/caches.h"

#include "cores/cortex_m/registers.h"

namespace {

constexpr uint32_t kDataCache = 1u << 16;         // CCR
constexpr uint32_t kInstructionCache = 1u << 17;  // CCR

// Sets and ways of the data cache; a line has 32 bytes.
void invalidate_data_cache() {
  constexpr unsigned kSetShift = 5;
  cortex_m::cache().CSSELR = 0;
  asm volatile("dsb" ::: "memory");
  const uint32_t geometry = cortex_m::cache().CCSIDR;
  const uint32_t last_set = geometry >> 13 & 0x7FFF;
  const uint32_t last_way = geometry >> 3 & 0x3FF;
  const unsigned way_shift = last_way == 0 ? 0 : __builtin_clz(last_way);
  for (uint32_t set = 0; set <= last_set; ++set) {
    for (uint32_t way = 0; way <= last_way; ++way) {
      cortex_m::cache().DCISW = set << kSetShift | way << way_shift;
    }
  }
}

}  // namespace

namespace cortex_m {

void enable_caches() {
  asm volatile("dsb\n isb" ::: "memory");
  cache().ICIALLU = 0;
  asm volatile("dsb\n isb" ::: "memory");
  scb().CCR = scb().CCR | kInstructionCache;
  invalidate_data_cache();
  asm volatile("dsb" ::: "memory");
  scb().CCR = scb().CCR | kDataCache;
  asm volatile("dsb\n isb" ::: "memory");
}

}  // namespace cortex_m
