// Basic blocks: what is known of each, and the hooks that count them.

#include "core.h"

#include <stdlib.h>

static uint32_t ask_cost(struct core *core, uint32_t address, uint32_t size) {
  if (core->failure) return 0;
  core->answered = 0;
  uint32_t cycles = core->cost(address, size);
  if (!core->answered) fail(core, UNANSWERED);
  return cycles;
}

// What one instruction costs depends on its encoding alone. Those that are executed singly are often the same.
uint32_t cost_of(struct core *core, uint32_t address, uint32_t size) {
  const uint8_t *bytes = size <= 4 ? host_address(core, address, size) : NULL;
  if (!bytes) return ask_cost(core, address, size);
  uint32_t encoding = 0;
  memcpy(&encoding, bytes, size);
  struct cost *cost = &core->costs[(encoding ^ encoding >> 7 ^ encoding >> 20) % COSTS];
  if (cost->size == size && cost->encoding == encoding) return cost->cycles;
  uint32_t cycles = ask_cost(core, address, size);
  if (!core->failure) *cost = (struct cost){encoding, size, cycles};
  return cycles;
}

// What the instruction at `address` needs can be seen no earlier than there. A memory's blocks are the same at each of
// its addresses, hooks are not.
void hook_instruction(struct core *core, const struct window *window, uint32_t address) {
  uint32_t offset = address - window->base;
  struct block *here = &window->blocks[offset / 2];
  if (here->flags & HOOKED) return;
  here->flags |= HOOKED;
  for (uint32_t i = 0; i < core->window_count; i++) {
    if (core->windows[i].home == window->home) core->architecture->hook(core, core->windows[i].base + offset);
  }
  core->outdated = true;
  core->limit = 0;
}

static void decode(struct core *core, const struct window *window, struct block *block, uint32_t address,
                   uint32_t size) {
  const struct architecture *architecture = core->architecture;
  const uint8_t *at = window->bytes + (address - window->base), *end = at + size, *next;
  block->size = size;
  block->instructions = 0;
  block->flags = (block->flags & (WATCHED | HOOKED)) | EVERY | (has_breakpoint(core, address, size) ? TRAPPED : 0);
  for (; at < end; at = next) {
    next = at + architecture->length(at);
    block->instructions++;
    block->flags |= architecture->flags(core, at, next >= end);
  }
  block->unaligned = 0;
  if (architecture->survey) architecture->survey(core, window, block, address);
  block->cycles = ask_cost(core, address, size);
}

// The block's place in the window of the last block, where most blocks are; NULL outside it.
static inline struct block *near_block(struct core *core, uint32_t address) {
  const struct window *window = core->code;
  uint32_t offset = address - window->base;
  return offset < window->size ? &window->blocks[offset / 2] : NULL;
}

struct block *block_at(struct core *core, uint32_t address, uint32_t size) {
  struct window *window = window_at(core, address);
  if (!window) return NULL;
  core->code = window;
  struct block *block = near_block(core, address);
  if (block->size != size) decode(core, window, block, address, size);
  return block;
}

void mark(struct core *core, uint32_t address) {
  const struct window *window = window_at(core, address);
  if (core->marks_used == core->marks_room) {
    uint32_t room = core->marks_room ? 2 * core->marks_room : 256;
    struct mark *marks = room_for(core, core->marks, room * sizeof *marks);
    if (!marks) return;
    core->marks = marks;
    core->marks_room = room;
  }
  core->marks[core->marks_used++] =
      (struct mark){address - window->base + window->home, get(core, core->architecture->argument), core->count,
                    core->skipped, whole_cycles(core)};
  if (core->calls) begin_section(core, core->marks[core->marks_used - 1].argument);
}

void remember(struct core *core, uint32_t address) {
  struct visit *last = &core->trace[(core->trace_next - 1) % TRACE];
  if (last->address == address) {
    last->repeats++;
  } else {
    core->trace[core->trace_next++ % TRACE] = (struct visit){address, 1};
  }
}

void note_fault(struct core *core, struct fault fault) {
  if (!core->architecture->in_fault(core)) core->first_fault = fault;
  core->last_fault = fault;
  memcpy(core->fault_trace, core->trace, sizeof core->trace);
  core->fault_trace_next = core->trace_next;
  if (core->debugger) core->debugger->faulted = true;
}

void hold(struct core *core) {
  core->held = true;
  uc_emu_stop(core->engine);
}

// The needs for which an instruction of the block has to be executed by itself.
uint32_t concern_of(struct core *core, const struct block *block) {
  uint32_t needs = block->flags & core->attention & SINGLED_OUT;
  return needs && core->architecture->pressing ? core->architecture->pressing(core, needs) : needs;
}

// What a block needs besides counting.
static void attend(struct core *core, uint32_t address, const struct block *block) {
  uint32_t needs = block->flags & core->attention;
  if (core->calls) follow(core, address);
  if (needs & WATCHED) mark(core, address);
  if (needs & UNMASKS) core->limit = 0;
}

static inline void count_block(struct core *core, uint32_t address, uint32_t size, const struct block *block) {
  remember(core, address);
  core->block_start = core->synchronised = core->count;
  core->cycles_before = core->cycles;
  core->count += block->instructions;
  core->cycles += block->cycles + (address == core->next_sequential ? 0 : core->branch_penalty);
  core->next_sequential = address + size;
  core->attention |= block->unaligned * ALIGNED;
}

static inline bool fits(const struct core *core, const struct block *block) {
  return core->count + block->instructions <= core->limit;
}

// A block that is new, needs attention or may not be executed now. One in a hundred is: apart, so that the hook has no
// registers to save for the others.
static __attribute__((noinline)) void enter_with_care(struct core *core, uint32_t address, uint32_t size) {
  struct block *block = block_at(core, address, size);
  if (block) block->flags |= SEEN;
  if (!block || !fits(core, block)) {
    hold(core);
    return;
  }
  if (block->flags & core->attention || core->calls) {
    if (concern_of(core, block) || block->flags & core->attention & (TRAPPED | EVERY)) {
      hold(core);
      return;
    }
    attend(core, address, block);
  }
  count_block(core, address, size, block);
}

void begin_block(struct core *core, uint32_t address, uint32_t size, const struct block *block) {
  core->current_block = core->ahead = address;
  core->current_size = size;
  attend(core, address, block);
  count_block(core, address, size, block);
}

void enter_block(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  (void)engine;
  struct core *core = data;
  const struct block *block = near_block(core, address);
  core->current_block = address;
  core->current_size = size;
  if (!block || block->size != size || !fits(core, block) || block->flags & core->attention || core->calls) {
    enter_with_care(core, address, size);
  } else {
    count_block(core, address, size, block);
  }
}

// Instructions of the current block that come before `pc`.
uint32_t instructions_before(struct core *core, uint32_t pc) {
  uint32_t n = 0;
  for (uint32_t at = core->current_block; at < pc && at < core->current_block + core->current_size; n++) {
    at += length_at(core, at);
  }
  return n;
}

// The current block ended before `pc`: take back what was counted for the rest of it.
void cut_block(struct core *core, uint32_t pc) {
  core->count = core->block_start + instructions_before(core, pc);
  core->cycles = core->cycles_before + cost_of(core, core->current_block, pc - core->current_block);
  core->next_sequential = pc;
}

// Whether the stepper may go on with the instruction: in its block, or in one that is known and needs nothing.
static bool goes_on(struct core *core, uint32_t address) {
  if (address < core->ahead || address - core->current_block >= core->current_size) {
    const struct block *block = near_block(core, address);
    if (core->in_blocks == ONE_BLOCK || !(core->attention & EVERY) || !block || !block->size || !(block->flags & SEEN))
      return false;
    if (block->flags & SPLIT || !fits(core, block) || concern_of(core, block)) return false;
    begin_block(core, address, block->size, block);
  }
  core->ahead = address + 1;
  return true;
}

// Any instruction in the stepper.
void pass_step(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  (void)engine;
  struct core *core = data;
  if (core->lenient) {
    if (address >= core->step_until && !core->held) hold(core);
    return;
  }
  if (core->in_blocks && !core->held && !goes_on(core, address)) {
    hold(core);
    return;
  }
  if (core->architecture->pass) core->architecture->pass(core, address);
  if (core->held) return;
  if (address >= core->step_until || (core->debugger && !meet_instruction(core, address))) {
    hold(core);
  } else if (core->watch) {
    watch_instruction(core, address, size);
  }
}

// Code is about to run from these bytes for the first time.
EXPORT bool core_prepare(struct core *core, uint32_t address, uint32_t size) {
  const uint8_t *bytes = host_address(core, address, size);
  if (bytes && core->architecture->prepare) core->architecture->prepare(core, address, bytes, size);
  return bytes != NULL;
}

EXPORT void core_watch(struct core *core, uint32_t address, bool on) {
  struct window *window = window_at(core, address);
  if (!window) return;
  struct block *block = &window->blocks[(address - window->base) / 2];
  block->flags = on ? block->flags | WATCHED : block->flags & ~WATCHED;
}

// What Python says of a block's cost is no longer what it said.
EXPORT void core_costs_changed(struct core *core) {
  memset(core->costs, 0, sizeof core->costs);
  for (uint32_t i = 0; i < core->window_count; i++) {
    const struct window *window = &core->windows[i];
    uint32_t halfwords = core->architecture->page / 2;
    for (uint32_t page = 0; window->base == window->home && page < window->size / core->architecture->page; page++) {
      for (uint32_t j = 0; window->executed[page] && j < halfwords; j++) window->blocks[page * halfwords + j].size = 0;
    }
  }
}
