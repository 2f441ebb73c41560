// Breakpoints, watchpoints and steps.

#include "debugger.h"

#include <stdlib.h>

#include "core.h"

uint32_t debugging_attention(const struct core *core) {
  const struct debugger *debugger = core->debugger;
  if (core->watch) return TRAPPED | EVERY;
  if (!debugger) return 0;
  return TRAPPED | (debugger->steps || debugger->watchpoint_count ? EVERY : 0);
}

// A memory's breakpoints are the same at each of its addresses as far as blocks are concerned.
static uint32_t home_of(struct core *core, uint32_t address) {
  const struct window *window = window_at(core, address);
  return window ? address - window->base + window->home : address;
}

bool has_breakpoint(const struct core *core, uint32_t address, uint32_t size) {
  const struct debugger *debugger = core->debugger;
  uint32_t home = home_of((struct core *)core, address);
  for (uint32_t i = 0; debugger && i < debugger->breakpoint_count; i++) {
    if (home_of((struct core *)core, debugger->breakpoints[i]) - home < size) return true;
  }
  return false;
}

// Whether execution goes on here.
static bool ask(struct core *core, uint32_t why, uint32_t address) {
  struct debugger *debugger = core->debugger;
  if (core->failure || debugger->abandoned) return false;
  debugger->steps = 0;
  debugger->suspended = false;
  debugger->asked = true;
  core->answered = 0;
  uint32_t answer = debugger->attend(why, address);
  debugger->asked = false;
  if (!core->answered) fail(core, UNANSWERED);
  debugger->steps = answer == ONE_STEP;
  debugger->abandoned = answer == ABANDON;
  // From here on the stepper calls at each instruction, but blocks that the machine has begun must be left, too.
  core->attention |= debugging_attention(core);
  if (debugger->abandoned) core->limit = 0;
  return !core->failure && !debugger->abandoned && !debugger->jumps;
}

static bool is_breakpoint(const struct debugger *debugger, uint32_t pc) {
  for (uint32_t i = 0; i < debugger->breakpoint_count; i++) {
    if (debugger->breakpoints[i] == pc) return true;
  }
  return false;
}

bool meet_instruction(struct core *core, uint32_t pc) {
  struct debugger *debugger = core->debugger;
  debugger->pc = pc;
  if (debugger->abandoned) return false;
  if (debugger->suspended && (core->running == debugger->level || !core->running)) debugger->suspended = false;
  bool stepped = debugger->steps && !debugger->suspended && !--debugger->steps;
  if (is_breakpoint(debugger, pc)) return ask(core, AT_BREAKPOINT, pc);
  return !stepped || ask(core, STEPPED, pc);
}

void suspend_steps(struct core *core, uint32_t level) {
  struct debugger *debugger = core->debugger;
  if (!debugger->steps || debugger->suspended) return;
  debugger->suspended = true;
  debugger->level = level;
}

void forget_progress(struct core *core) {
  struct debugger *debugger = core->debugger;
  if (!debugger) return;
  debugger->steps = 0;
  debugger->suspended = debugger->jumps = debugger->abandoned = debugger->faulted = false;
}

void jump(struct core *core) {
  core->debugger->jumps = false;
  core->sleeping = core->next_sequential = 0;
  core->architecture->go_to(core, core->debugger->target);
}

// Unicorn tells where a memory is at home; an access of 8 bytes may begin before what is watched.
static void meet_access(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data) {
  (void)value;
  struct core *core = data;
  struct debugger *debugger = core->debugger;
  uint32_t access = type == UC_MEM_WRITE ? STORES : LOADS, first = (uint32_t)address;
  for (uint32_t i = 0; i < debugger->watchpoint_count && !core->lenient && !core->held; i++) {
    const struct watchpoint *watched = &debugger->watchpoints[i];
    bool overlaps = watched->home - first < (uint32_t)size || first - watched->home < watched->size;
    if (!overlaps || !(watched->accesses & access)) continue;
    debugger->accessing = true;
    ask(core, access == STORES ? BEFORE_STORE : BEFORE_LOAD, watched->address);
    debugger->accessing = false;
    break;
  }
  if (core->architecture->refill) core->architecture->refill(engine);
}

// Blocks that were decoded and may contain the address.
static void trap_blocks(struct core *core, uint32_t address, bool on) {
  const struct window *window = window_at(core, address);
  if (!window) return;
  uint32_t at = (address - window->base) / 2, reach = core->architecture->page / 2 + 1;
  for (uint32_t i = at > reach ? at - reach : 0; i <= at; i++) {
    struct block *block = &window->blocks[i];
    bool traps = on ? (at - i) * 2 < block->size : has_breakpoint(core, window->base + 2 * i, block->size);
    if (traps != on) continue;
    block->flags = on ? block->flags | TRAPPED : block->flags & ~TRAPPED;
  }
}

// Ask `attend` from here on, which begins without breakpoints and watchpoints; NULL for nobody. Not while core_run
// runs.
EXPORT bool core_debug(struct core *core, attend_callback attend) {
  if (!core->debugger && attend) {
    uc_hook hook;
    core->debugger = calloc(1, sizeof *core->debugger);
    if (!core->debugger) return false;
    // In the stepper alone, and for good: the translations of the machine stay as fast as they are.
    uc_err error = uc_hook_add(core->stepper, &hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, meet_access, core, 1, 0);
    if (error) return false;
    uc_ctl_flush_tb(core->stepper);
  }
  if (core->debugger) *core->debugger = (struct debugger){.attend = attend};
  return true;
}

EXPORT bool core_break(struct core *core, uint32_t address, bool on) {
  struct debugger *debugger = core->debugger;
  uint32_t i = 0;
  while (i < debugger->breakpoint_count && debugger->breakpoints[i] != address) i++;
  bool known = i < debugger->breakpoint_count;
  if (on && !known) {
    if (debugger->breakpoint_count == BREAKPOINTS) return false;
    debugger->breakpoints[debugger->breakpoint_count++] = address;
  } else if (!on && known) {
    debugger->breakpoints[i] = debugger->breakpoints[--debugger->breakpoint_count];
  }
  trap_blocks(core, address, on);
  return true;
}

EXPORT bool core_watch_data(struct core *core, uint32_t address, uint32_t size, uint32_t accesses, bool on) {
  struct debugger *debugger = core->debugger;
  struct watchpoint *all = debugger->watchpoints, *end = all + debugger->watchpoint_count;
  for (struct watchpoint *one = all; one < end; one++) {
    if (one->address != address || one->size != size || one->accesses != accesses) continue;
    if (!on) *one = all[--debugger->watchpoint_count];
    return true;
  }
  if (!on) return true;
  if (debugger->watchpoint_count == WATCHPOINTS) return false;
  all[debugger->watchpoint_count++] = (struct watchpoint){address, size, accesses, home_of(core, address)};
  return true;
}

// Between two blocks: be asked after one instruction, or not at all.
EXPORT void core_step(struct core *core, bool on) {
  core->debugger->steps = on ? 2 : 0;  // the one that is about to begin, and the next
  core->debugger->suspended = false;
}

// Instructions before the one at the program counter, and those skipped asleep.
EXPORT uint64_t core_position(struct core *core) {
  const struct debugger *debugger = core->debugger;
  if (!debugger || !debugger->asked || core->engine != core->stepper) return core->count;
  return core->block_start + instructions_before(core, debugger->pc);
}

EXPORT uint64_t core_wide_register(struct core *core, int name) {
  const struct debugger *debugger = core->debugger;
  uint64_t value = 0;
  if (name == core->architecture->pc && debugger && debugger->asked) {
    return debugger->jumps ? debugger->target : debugger->pc;
  }
  uc_reg_read(core->engine, name, &value);
  return value;
}

// False for a program counter that cannot be set here: within an instruction, or where some depend on an IT.
EXPORT bool core_set_register(struct core *core, int name, uint64_t value) {
  struct debugger *debugger = core->debugger;
  const struct architecture *architecture = core->architecture;
  if (name != architecture->pc) return !uc_reg_write(core->engine, name, &value);
  if (!debugger) {
    core->sleeping = core->next_sequential = 0;
    architecture->go_to(core, value);
    return true;
  }
  debugger->target = value;
  if (!debugger->asked) {
    jump(core);
    return true;
  }
  if (core->engine == core->stepper) {
    if (debugger->accessing) return false;
    if (architecture->needs_exit && architecture->needs_exit(core, core->current_block, debugger->pc)) return false;
  }
  debugger->jumps = debugger->target != debugger->pc;
  return true;
}
