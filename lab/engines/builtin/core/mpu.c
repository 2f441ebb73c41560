// What the MPU of a Cortex-M lets pass. Arm DDI 0403E, B3.5.
//
// Unicorn's TLB knows pages of 1 KiB, the MPU regions from 32 bytes on, such as
// the guard at the end of a stack. A page with more than one rule is filled
// anew for each access (accesses.c).

#include "mpu.h"

#include "core.h"
#include "cortex_m_exceptions.h"

enum { ENABLED = 1 << 0, IN_FAULTS = 1 << 1, BACKGROUND = 1 << 2, EXECUTE_NEVER = 1 << 28 };
enum { SUBREGIONS = 8, LEAST_WITH_SUBREGIONS = 256 };

static bool is_system(uint32_t address) { return address >> 20 == 0xE00; }  // the MPU has no say there

static uint64_t size_of(uint32_t attributes) { return 2ull << (attributes >> 1 & 0x1F); }

static uint32_t start_of(const struct mpu *mpu, int region) {
  return mpu->base[region] & ~(uint32_t)(size_of(mpu->attributes[region]) - 1);
}

static bool covers(const struct mpu *mpu, int region, uint32_t address) {
  uint32_t attributes = mpu->attributes[region];
  uint64_t size = size_of(attributes), offset = address - start_of(mpu, region);
  if (!(attributes & ENABLED) || offset >= size) return false;
  return size < LEAST_WITH_SUBREGIONS || !(attributes >> (8 + offset / (size / SUBREGIONS)) & 1);
}

// Whether a region, or a part of one, begins or ends within the page.
static bool divides(const struct mpu *mpu, int region, uint32_t page, uint32_t page_size) {
  uint32_t attributes = mpu->attributes[region], start = start_of(mpu, region);
  uint64_t size = size_of(attributes), end = start + size;
  if (!(attributes & ENABLED) || start >= (uint64_t)page + page_size || end <= page) return false;
  uint64_t part = attributes >> 8 & 0xFF ? size / SUBREGIONS : size;
  return part < page_size;
}

static uint32_t rights(uint32_t attributes, bool privileged) {
  // By MPU_RASR.AP; 4 is reserved.
  static const uint8_t OF_PRIVILEGED[] = {0, 3, 3, 3, 0, 1, 1, 1}, OF_OTHERS[] = {0, 0, 1, 3, 0, 0, 1, 1};
  uint32_t access = attributes >> 24 & 7, bits = privileged ? OF_PRIVILEGED[access] : OF_OTHERS[access];
  bool reads = bits & 1;
  return (reads ? UC_PROT_READ : 0) | (bits & 2 ? UC_PROT_WRITE : 0) |
         (reads && !(attributes & EXECUTE_NEVER) ? UC_PROT_EXEC : 0);
}

// By the default memory map: Arm DDI 0403E, table B3-1.
static uint32_t background(uint32_t address) {
  bool execute_never = address >> 29 == 2 || address >= 0xA0000000;
  return UC_PROT_READ | UC_PROT_WRITE | (execute_never ? 0 : UC_PROT_EXEC);
}

static uint32_t rule(const struct mpu *mpu, uint32_t address, bool privileged) {
  for (int region = (int)mpu->count - 1; region >= 0; region--) {
    if (covers(mpu, region, address)) return rights(mpu->attributes[region], privileged);
  }
  return privileged && mpu->control & BACKGROUND ? background(address) : 0;
}

uint32_t protection(struct core *core, uint32_t address, uint32_t size, bool privileged, bool *mixed) {
  const struct mpu *mpu = &core->cortex_m.mpu;
  uint32_t page_size = core->architecture->page, page = address & -page_size;
  *mixed = false;
  if (!(mpu->control & ENABLED) || core->unprotected || is_system(address)) return UC_PROT_ALL;
  for (uint32_t region = 0; region < mpu->count; region++) *mixed |= divides(mpu, region, page, page_size);
  return rule(mpu, address, privileged) & rule(mpu, address + size - 1, privileged);
}

void renew_protection(struct core *core) {
  const struct mpu *mpu = &core->cortex_m.mpu;
  bool unprotected = mpu->control & ENABLED && !(mpu->control & IN_FAULTS) && priority_is_negative(core);
  if (unprotected == core->unprotected && !memcmp(mpu, &core->known_mpu, sizeof *mpu)) return;
  core->unprotected = unprotected;
  core->known_mpu = *mpu;
  uc_ctl_flush_tlb(core->machine);
  uc_ctl_flush_tlb(core->stepper);
}
