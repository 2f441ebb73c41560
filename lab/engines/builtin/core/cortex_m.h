// The state of a Cortex-M beyond its registers: Armv7-M, Arm DDI 0403E.
#pragma once

#include <stdint.h>

#include "mpu.h"

enum { EXCEPTIONS = 256, WORDS = EXCEPTIONS / 64 };

struct cortex_m {
  uint64_t pending[WORDS], enabled[WORDS], active[WORDS], level[WORDS];
  int16_t priority[EXCEPTIONS];
  uint32_t priority_mask, group_mask;
  uint32_t vector_table, scr, ccr, cpacr, cfsr, hfsr, mmfar, bfar, fpccr, fpcar;
  uint32_t cpuid, mvfr[3];  // what it says of itself
  struct mpu mpu;
};
