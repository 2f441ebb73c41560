// The memory protection unit of a Cortex-M: PMSAv7, Arm DDI 0403E, B3.5.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { REGIONS = 16 };

struct mpu {
  uint32_t count;  // of its regions, at most REGIONS
  uint32_t control;
  uint32_t base[REGIONS],
      attributes[REGIONS];  // MPU_RBAR without the region's number, and MPU_RASR
};

struct core;

// What may be done with `size` bytes at `address`, in Unicorn's bits. `mixed`
// says that other bytes of the page may have other rules.
uint32_t protection(struct core *core, uint32_t address, uint32_t size, bool privileged, bool *mixed);

// Between two blocks: whether the rules are others than Unicorn's TLB was
// filled by; it is emptied then.
void renew_protection(struct core *core);
