// Basic blocks: what is known of each, and the hooks that count them.

#include "core.h"

#include <stdlib.h>

bool is_float(const uint8_t *bytes) {
  return length(halfword(bytes)) == 4 && (bytes[1] & 0xEC) == 0xEC && (bytes[3] & 0x0E) == 0x0A;
}

// CPS and MSR end a block and may let a pending exception through.
static bool may_unmask(const uint8_t *bytes) {
  uint32_t first = halfword(bytes);
  return (first & 0xFFE8) == 0xB660 || (first & 0xFFE0) == 0xF380;
}

// WFE and YIELD, which Unicorn takes for invalid. WFE may wake at once, as it does here.
bool is_hint(const uint8_t *bytes) { return bytes && (halfword(bytes) == 0xBF20 || halfword(bytes) == 0xBF10); }

bool is_barrier(const uint8_t *bytes) {
  return halfword(bytes) == 0xF3BF && bytes[3] == 0x8F && (bytes[2] >> 4 == 4 || bytes[2] >> 4 == 5);
}

static void decode(struct core *core, const struct memory *memory, struct block *block, uint32_t address,
                   uint32_t size) {
  const uint8_t *bytes = memory->bytes + (address - memory->base), *end = bytes + size, *last = bytes;
  block->size = size;
  block->instructions = 0;
  block->flags &= WATCHED;
  for (const uint8_t *at = bytes; at < end; at += length(halfword(at))) {
    block->instructions++;
    if (is_float(at)) block->flags |= FLOATS;
    last = at;
  }
  if (may_unmask(last)) block->flags |= UNMASKS;
  block->cycles = core->cost(address, size);
}

struct block *block_at(struct core *core, uint32_t address, uint32_t size) {
  struct memory *memory = memory_at(core, address);
  if (!memory) return NULL;
  struct block *block = &memory->blocks[(address - memory->base) / 2];
  if (block->size != size) decode(core, memory, block, address, size);
  return block;
}

void mark(struct core *core, uint32_t address) {
  if (core->marks_used == core->marks_room) {
    core->marks_room = core->marks_room ? 2 * core->marks_room : 256;
    core->marks = realloc(core->marks, core->marks_room * sizeof *core->marks);
  }
  core->marks[core->marks_used++] =
      (struct mark){address, get(core, UC_ARM_REG_R0), core->count, core->skipped, core->cycles};
}

void remember(struct core *core, uint32_t address) {
  struct visit *last = &core->trace[(core->trace_next - 1) % TRACE];
  if (last->address == address) {
    last->repeats++;
  } else {
    core->trace[core->trace_next++ % TRACE] = (struct visit){address, 1};
  }
}

static void hold(struct core *core) {
  core->held = true;
  uc_emu_stop(core->engine);
}

void enter_block(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  (void)engine;
  struct core *core = data;
  struct block *block = block_at(core, address, size);
  core->current_block = address;
  core->current_size = size;
  if (!block || core->count + block->instructions > core->limit) {
    hold(core);
    return;
  }
  if (block->flags & core->flag_mask) {
    if (block->flags & core->flag_mask & FLOATS) {
      hold(core);
      return;
    }
    if (block->flags & WATCHED) mark(core, address);
    if (block->flags & core->flag_mask & UNMASKS) core->limit = 0;
  }
  remember(core, address);
  core->block_start = core->synchronised = core->count;
  core->cycles_before = core->cycles;
  core->count += block->instructions;
  core->cycles += block->cycles + (address == core->next_sequential ? 0 : core->branch_penalty);
  core->next_sequential = address + size;
}

// Instructions of the current block that come before `pc`.
static uint32_t instructions_before(struct core *core, uint32_t pc) {
  uint32_t n = 0;
  for (uint32_t at = core->current_block; at < pc && at < core->current_block + core->current_size; n++) {
    at += length(halfword(host_address(core, at, 2)));
  }
  return n;
}

// The current block ended before `pc`: take back what was counted for the rest of it.
void cut_block(struct core *core, uint32_t pc) {
  core->count = core->block_start + instructions_before(core, pc);
  core->cycles = core->cycles_before + core->cost(core->current_block, pc - core->current_block);
  core->next_sequential = pc;
}

// The instruction after a DSB or DMB. These end a block in Renode: time is synchronised there, and an exception that
// a store before raised is taken.
void pass_barrier(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  (void)engine, (void)size;
  struct core *core = data;
  if (address < core->current_block + 4 || address >= core->current_block + core->current_size) return;
  if (!is_barrier(host_address(core, address - 4, 4))) return;
  core->synchronised = core->block_start + instructions_before(core, address);
  if (core->limit == 0) {
    cut_block(core, address);
    hold(core);
  }
}

// Any instruction in the stepper.
void pass_step(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  struct core *core = data;
  if (!core->lenient) pass_barrier(engine, address, size, data);
  if (address >= core->step_until && !core->held) hold(core);
}

// Code is about to run from these bytes for the first time: find its barriers.
EXPORT bool core_prepare(struct core *core, uint32_t address, uint32_t size) {
  const uint8_t *bytes = host_address(core, address, size);
  uc_hook hook;
  for (uint32_t at = 0; bytes && at + 4 < size; at += 2) {
    uint32_t next = address + at + 4;
    if (!is_barrier(bytes + at)) continue;
    if (uc_hook_add(core->machine, &hook, UC_HOOK_CODE, pass_barrier, core, next, next)) return false;
  }
  return bytes != NULL;
}

EXPORT void core_watch(struct core *core, uint32_t address, bool on) {
  struct memory *memory = memory_at(core, address);
  if (!memory) return;
  struct block *block = &memory->blocks[(address - memory->base) / 2];
  block->flags = on ? block->flags | WATCHED : block->flags & ~WATCHED;
}
