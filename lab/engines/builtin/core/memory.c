// Memories and devices, and what Unicorn's TLB is told of them.

#include "core.h"

#include <stdlib.h>

static bool is_device(struct core *core, uint32_t address) {
  for (uint32_t i = 0; i < core->device_count; i++) {
    if (address - core->devices[i].base < core->devices[i].size) return true;
  }
  return false;
}

// From now on code and literals in that memory may change: what was read out of blocks no longer holds.
static void begin_storing(struct core *core, struct window *window) {
  *window->stored = true;
  uint32_t halfwords = core->architecture->page / 2;
  for (uint32_t page = 0; page < window->size / core->architecture->page; page++) {
    for (uint32_t i = 0; window->executed[page] && i < halfwords; i++) {
      window->blocks[page * halfwords + i].size = 0;
    }
  }
}

static uint32_t right_of(uc_mem_type type) {
  return type == UC_MEM_FETCH ? UC_PROT_EXEC : type == UC_MEM_WRITE ? UC_PROT_WRITE : UC_PROT_READ;
}

// What may be done in the page, or at the bytes of the access where they are known.
static uint32_t allowed(struct core *core, uint32_t page) {
  bool known = filling.size && (filling.address & -core->architecture->page) == page;
  bool mixed = false;
  if (!core->architecture->protection || core->lenient) return UC_PROT_ALL;
  uint32_t rights = core->architecture->protection(core, known ? filling.address : page, known ? filling.size : 1,
                                                   !known || filling.privileged, &mixed);
  filling.mixed = mixed;
  return mixed && !known ? UC_PROT_ALL : rights;
}

static bool deny(struct core *core, uint32_t address, uc_mem_type type) {
  core->missed = core->denied = true;
  core->missed_address = filling.size ? filling.address : address;
  core->missed_type = type;
  return false;
}

// Memory that was never executed is mapped without the right to execute: stores to it then take QEMU's fast path.
bool fill_tlb(uc_engine *engine, uint64_t address, uc_mem_type type, uc_tlb_entry *entry, void *data) {
  struct core *core = data;
  bool fetch = type == UC_MEM_FETCH;
  struct window *window = window_at(core, address);
  uint32_t rights = allowed(core, address);
  if (!(rights & right_of(type))) return deny(core, address, type);
  if (!window && !core->lenient && (fetch || !is_device(core, address))) {
    core->missed = true;
    core->missed_address = address;
    core->missed_type = type;
    return false;
  }
  entry->paddr = window ? address - window->base + window->home : address;
  entry->perms = UC_PROT_READ | UC_PROT_WRITE;
  if (window) {
    uint8_t *executed = &window->executed[(address - window->base) / core->architecture->page];
    *executed |= fetch;
    if (type == UC_MEM_WRITE && !*window->stored) begin_storing(core, window);
    if (*executed) entry->perms |= UC_PROT_EXEC;
  }
  entry->perms &= rights;
  if (!fetch && core->architecture->refill) core->architecture->refill(engine);
  return true;
}

// An access that the TLB let through although nothing is there.
bool access_nothing(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data) {
  (void)engine, (void)type, (void)size, (void)value;
  struct core *core = data;
  core->missed_address = address;
  return false;
}

static void remember_access(struct core *core, uint32_t address, bool writes) {
  for (uint32_t i = 0; i < ACCESSES; i++) {
    struct access *access = &core->accesses[i];
    if (access->times && access->address == address && access->writes == writes) {
      access->times++;
      access->block = core->current_block;
      return;
    }
  }
  core->accesses[core->accesses_next++ % ACCESSES] = (struct access){address, writes, 1, core->current_block};
}

static struct counter *counter_at(struct core *core, uint32_t address) {
  for (uint32_t i = 0; i < core->counter_count; i++) {
    struct counter *counter = &core->counters[i];
    if (address == counter->trigger || address == counter->low_at || address == counter->high_at) return counter;
  }
  return NULL;
}

static void latch(struct core *core, struct counter *counter) {
  uint64_t now_ns = core->synchronised / core->grid_instructions * core->grid_ns, count = counter->counted;
  if (counter->runs) count += (now_ns - counter->since_ns) * counter->multiplier / counter->divisor;
  counter->low = count;
  counter->high = count >> 32;
  counter->state = counter->latched;
}

static uint64_t read_device(uc_engine *engine, uint64_t offset, unsigned size, void *data) {
  (void)engine;
  const struct device *device = data;
  struct core *core = device->core;
  if (core->failure) return 0;
  uint32_t address = device->base + offset;
  remember_access(core, address, false);
  const struct counter *counter = size == 4 ? counter_at(core, address) : NULL;
  if (counter) {
    return address == counter->trigger ? counter->state : address == counter->low_at ? counter->low : counter->high;
  }
  struct answer *answer = &core->answers[address / 4 % ANSWERS];
  if (answer->address == address && answer->size == size && answer->epoch == core->epoch) return answer->value;
  core->answered = core->steady = 0;
  uint64_t value = core->read(address, size);
  if (!core->answered) fail(core, UNANSWERED);
  if (core->steady) {
    *answer = (struct answer){address, size, core->epoch, value};
  } else {
    core->epoch++;
  }
  return value;
}

static void write_device(uc_engine *engine, uint64_t offset, unsigned size, uint64_t value, void *data) {
  (void)engine;
  const struct device *device = data;
  struct core *core = device->core;
  if (core->failure) return;
  uint32_t address = device->base + offset;
  remember_access(core, address, true);
  struct counter *counter = size == 4 ? counter_at(core, address) : NULL;
  if (counter && address == counter->trigger && value & counter->mask) {
    latch(core, counter);
    return;
  }
  core->epoch++;
  core->answered = 0;
  core->write(address, size, value);
  if (!core->answered) fail(core, UNANSWERED);
}

void *room_for(struct core *core, void *kept, size_t bytes) {
  void *room = realloc(kept, bytes);
  if (!room) fail(core, NO_ROOM);
  return room;
}

EXPORT bool core_add_memory(struct core *core, uint32_t base, uint32_t size) {
  if (core->window_count == WINDOWS) return false;
  struct window *window = &core->windows[core->window_count++];
  size_t whole_pages = (size + 4095u) & ~4095u;
  *window = (struct window){.base = base,
                            .size = size,
                            .home = base,
                            .bytes = aligned_alloc(4096, whole_pages),
                            .blocks = calloc(size / 2, sizeof(struct block)),
                            .executed = calloc(size / core->architecture->page, 1),
                            .stored = calloc(1, sizeof(bool))};
  if (!window->bytes || !window->blocks || !window->executed || !window->stored) return false;
  memset(window->bytes, 0, size);
  return !uc_mem_map_ptr(core->machine, base, size, UC_PROT_ALL, window->bytes) &&
         !uc_mem_map_ptr(core->stepper, base, size, UC_PROT_ALL, window->bytes);
}

// The memory at `home` is seen at `base` too.
EXPORT bool core_add_alias(struct core *core, uint32_t home, uint32_t base) {
  const struct window *original = window_at(core, home);
  if (!original || core->window_count == WINDOWS) return false;
  if (window_at(core, base) || window_at(core, base + original->size - 1)) return false;
  struct window *alias = &core->windows[core->window_count++];
  *alias = *original;
  alias->base = base;
  return true;
}

EXPORT bool core_add_device(struct core *core, uint32_t base, uint32_t size) {
  if (core->device_count == DEVICES) return false;
  struct device *device = &core->devices[core->device_count++];
  *device = (struct device){core, base, size};
  return !uc_mmio_map(core->machine, base, size, read_device, device, write_device, device) &&
         !uc_mmio_map(core->stepper, base, size, read_device, device, write_device, device);
}

// Write memory from outside the core; translations of code that changes are dropped before it runs on.
EXPORT bool core_write(struct core *core, uint32_t address, const uint8_t *data, uint32_t size) {
  uint8_t *host = host_address(core, address, size);
  if (!host) return false;
  struct window *window = window_at(core, address);
  uint32_t offset = address - window->base, page_size = core->architecture->page;
  for (uint32_t at = 0, part; at < size; at += part) {
    uint32_t page = (offset + at) / page_size, room = (page + 1) * page_size - (offset + at);
    part = size - at < room ? size - at : room;
    if (window->executed[page] && memcmp(host + at, data + at, part)) {
      for (uint32_t i = page * page_size / 2; i < (page + 1) * page_size / 2; i++) {
        window->blocks[i] = (struct block){.flags = window->blocks[i].flags & (WATCHED | HOOKED)};
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
