// Memories and device windows, and what Unicorn's TLB is told of them.

#include "core.h"

#include <stdlib.h>

static bool is_device(struct core *core, uint32_t address) {
  for (uint32_t i = 0; i < core->device_count; i++) {
    if (address - core->devices[i].base < core->devices[i].size) return true;
  }
  return false;
}

// Memory that was never executed is mapped without the right to execute: stores to it then take QEMU's fast path.
bool fill_tlb(uc_engine *engine, uint64_t address, uc_mem_type type, uc_tlb_entry *entry, void *data) {
  struct core *core = data;
  bool fetch = type == UC_MEM_FETCH;
  struct memory *memory = memory_at(core, address);
  if (!memory && !core->lenient && (fetch || !is_device(core, address))) {
    core->missed = true;
    core->missed_address = address;
    core->missed_type = type;
    return false;
  }
  entry->paddr = address;
  entry->perms = UC_PROT_READ | UC_PROT_WRITE;
  if (memory) {
    uint8_t *executed = &memory->executed[(address - memory->base) / PAGE];
    *executed |= fetch;
    memory->stored |= type == UC_MEM_WRITE;
    if (*executed) entry->perms |= UC_PROT_EXEC;
  }
  if (!fetch) {
    // Unicorn has put the IT state of this instruction into the registers, but within a block it must be empty there.
    uint32_t no_it = 1u << 24;
    uc_reg_write(engine, UC_ARM_REG_EPSR, &no_it);
  }
  return true;
}

// An access that the TLB let through although nothing is there.
bool access_nothing(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data) {
  (void)engine, (void)type, (void)size, (void)value;
  struct core *core = data;
  core->missed_address = address;
  return false;
}

static uint64_t read_device(uc_engine *engine, uint64_t offset, unsigned size, void *data) {
  (void)engine;
  const struct window *window = data;
  return window->core->read(window->base + offset, size);
}

static void write_device(uc_engine *engine, uint64_t offset, unsigned size, uint64_t value, void *data) {
  (void)engine;
  const struct window *window = data;
  window->core->write(window->base + offset, size, value);
}

EXPORT bool core_add_memory(struct core *core, uint32_t base, uint32_t size) {
  if (core->memory_count == MEMORIES) return false;
  struct memory *memory = &core->memories[core->memory_count++];
  *memory = (struct memory){
      base, size, aligned_alloc(4096, size), calloc(size / 2, sizeof(struct block)), calloc(size / PAGE, 1), false};
  if (!memory->bytes || !memory->blocks || !memory->executed) return false;
  memset(memory->bytes, 0, size);
  return !uc_mem_map_ptr(core->machine, base, size, UC_PROT_ALL, memory->bytes) &&
         !uc_mem_map_ptr(core->stepper, base, size, UC_PROT_ALL, memory->bytes);
}

EXPORT bool core_add_device(struct core *core, uint32_t base, uint32_t size) {
  if (core->device_count == DEVICES) return false;
  struct window *window = &core->devices[core->device_count++];
  *window = (struct window){core, base, size};
  return !uc_mmio_map(core->machine, base, size, read_device, window, write_device, window) &&
         !uc_mmio_map(core->stepper, base, size, read_device, window, write_device, window);
}

// Write memory from outside the core; translations of code that changes are dropped before it runs on.
EXPORT bool core_write(struct core *core, uint32_t address, const uint8_t *data, uint32_t size) {
  uint8_t *host = host_address(core, address, size);
  if (!host) return false;
  struct memory *memory = memory_at(core, address);
  uint32_t offset = address - memory->base;
  for (uint32_t at = 0, part; at < size; at += part) {
    uint32_t page = (offset + at) / PAGE, room = (page + 1) * PAGE - (offset + at);
    part = size - at < room ? size - at : room;
    if (memory->executed[page] && memcmp(host + at, data + at, part)) {
      for (uint32_t i = page * PAGE / 2; i < (page + 1) * PAGE / 2; i++) {
        memory->blocks[i] = (struct block){.flags = memory->blocks[i].flags & WATCHED};
      }
      core->stale = true;
      core->limit = 0;
    }
    memcpy(host + at, data + at, part);
  }
  return true;
}

EXPORT bool core_read(struct core *core, uint32_t address, uint8_t *data, uint32_t size) {
  const uint8_t *host = host_address(core, address, size);
  if (host) memcpy(data, host, size);
  return host != NULL;
}
