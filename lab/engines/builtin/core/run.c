// Running to a deadline: whole blocks in one Unicorn instance, the last instructions before the deadline in another.

#include "core.h"

// The address that the instruction at `pc` accesses in vain. When the TLB finds nothing Unicorn tells only the page,
// but stops with all registers as they were; so the stepper runs the instruction again with a TLB that finds
// everything, and Unicorn's own complaint has the address. What the stepper does to its registers is dropped.
static uint32_t exact_address(struct core *core, uint32_t pc) {
  uint64_t start = core->architecture->start(core);
  uc_context_save(core->machine, core->context);
  uc_context_restore(core->stepper, core->context);
  core->engine = core->stepper;
  core->step_until = pc + 1;
  core->held = false;
  core->lenient = true;
  translate_for(false);
  uc_emu_start(core->stepper, start, 0, 0, 0);
  core->lenient = false;
  core->engine = core->machine;
  uc_ctl_flush_tlb(core->stepper);
  return core->missed_address;
}

// Whether what went wrong is in a block that the stepper has come to without a call: the machine has to enter it.
static bool has_left_blocks(const struct core *core, uint32_t pc) {
  return core->in_blocks && (pc + 1 < core->ahead || pc - core->current_block > core->current_size);
}

static int handle_error(struct core *core, uc_err error) {
  uint32_t pc = get(core, core->architecture->pc);
  if (core->missed && core->denied) {
    bool fetches = core->missed_type == UC_MEM_FETCH;
    if (!fetches) cut_block(core, pc);
    return core->architecture->trouble(core, fetches ? FETCH_DENIED : ACCESS_DENIED, pc, core->missed_address);
  }
  if (core->missed && core->missed_type == UC_MEM_FETCH) {
    return core->architecture->trouble(core, FETCH_FROM_NOTHING, pc, core->missed_address);
  }
  if (core->missed) {
    enum trouble trouble = core->missed_type == UC_MEM_WRITE ? STORE_TO_NOTHING : LOAD_FROM_NOTHING;
    cut_block(core, pc);
    return core->architecture->trouble(core, trouble, pc, exact_address(core, pc));
  }
  if (error == UC_ERR_INSN_INVALID && has_left_blocks(core, pc)) return CONTINUE;
  if (error == UC_ERR_INSN_INVALID) return core->architecture->trouble(core, INVALID_INSTRUCTION, pc, pc);
  core->unicorn_error = error;
  return BROKEN;
}

static int start(struct core *core, uc_engine *engine) {
  uint64_t begin = core->architecture->start(core);
  core->engine = engine;
  core->interrupt = -1;
  core->missed = core->denied = core->held = core->refused = false;
  translate_for(engine == core->machine);
  uc_err error = uc_emu_start(engine, begin, 0, 0, 0);
  if (engine == core->stepper) {
    uc_context_save(engine, core->context);
    uc_context_restore(core->machine, core->context);
    core->engine = core->machine;
  }
  if (core->refused) {
    return core->architecture->trouble(core, MISALIGNED, core->refused_pc, core->refused_address);
  }
  if (error != UC_ERR_OK) return handle_error(core, error);
  if (core->interrupt >= 0) return core->architecture->interrupt(core);
  return core->held ? HELD : ASLEEP;
}

// Run the stepper from the block's start to `until`. Its translations call `pass_step` at every instruction, which
// can stop there, and so serve for any `until`; save where Unicorn does not stop at a hook, and where a translation
// that ends at `until` has to be made.
static int run_stepper_until(struct core *core, uint32_t until) {
  const struct architecture *architecture = core->architecture;
  uint64_t exit = until;
  bool needs_exit = architecture->needs_exit && architecture->needs_exit(core, core->current_block, until);
  uc_context_save(core->machine, core->context);
  uc_context_restore(core->stepper, core->context);
  core->step_until = core->in_blocks ? UINT32_MAX : until;
  if (needs_exit || *window_at(core, core->current_block)->stored) uc_ctl_flush_tb(core->stepper);
  if (needs_exit) uc_ctl_set_exits(core->stepper, &exit, 1);
  int outcome = start(core, core->stepper);
  if (needs_exit) {
    uc_ctl_set_exits(core->stepper, &exit, 0);
    uc_ctl_flush_tb(core->stepper);
    if (outcome == ASLEEP) return HELD;
  }
  return outcome;
}

static int run_stepper(struct core *core, uint32_t until) {
  int outcome = run_stepper_until(core, until);
  if (core->debugger && core->debugger->jumps) {
    cut_block(core, core->debugger->pc);
    jump(core);
    return CONTINUE;
  }
  return outcome == HELD || (outcome == ASLEEP && !core->in_blocks) ? CONTINUE : outcome;
}

// For a debugger, or to watch memories: execute the block at which the hook held, and those after it that need nothing
// but to be counted, in the stepper, which calls at each instruction. Blocks begin and end where the machine has them.
static int run_blocks(struct core *core, const struct block *block) {
  uint32_t running = core->running;
  begin_block(core, core->current_block, core->current_size, block);
  core->in_blocks = block->flags & SPLIT ? ONE_BLOCK : SEVERAL;
  int outcome = run_stepper(core, core->current_block + core->current_size);
  core->in_blocks = A_PART;
  uint32_t pc = get(core, core->architecture->pc), end = core->current_block + core->current_size;
  if (outcome != CONTINUE || pc != end || !core->architecture->refuse || core->running != running) return outcome;
  // An instruction that Unicorn has not belongs to the block before it, and is no part of its size.
  uc_tb found;
  if (uc_ctl_request_cache(core->machine, pc, &found) || found.size) return outcome;
  if (core->debugger && !meet_instruction(core, pc)) return CONTINUE;
  return core->architecture->refuse(core, pc);
}

// Execute the first `steps` instructions of the block at which the hook held; its last one must not branch then.
static int step(struct core *core, uint32_t steps) {
  uint32_t block = core->current_block, until = block;
  for (uint32_t i = 0; i < steps; i++) until += length_at(core, until);
  struct block whole = *block_at(core, block, core->current_size);
  uint32_t left = core->current_size - (until - block);
  struct block rest = left ? *block_at(core, until, left) : (struct block){0};
  if (core->calls) follow(core, block);
  if (whole.flags & WATCHED) mark(core, block);
  remember(core, block);
  core->block_start = core->synchronised = core->count;
  core->cycles_before = core->cycles;
  core->count += steps;
  core->cycles += whole.cycles > rest.cycles ? whole.cycles - rest.cycles : 0;
  if (block != core->next_sequential) core->cycles += core->branch_penalty;
  core->next_sequential = until;
  return steps ? run_stepper(core, until) : CONTINUE;
}

// Instructions of the block at which the hook held that come before the first one for which it did.
static uint32_t before_concern(struct core *core) {
  uint32_t pc = core->current_block, n = 0;
  for (; !(core->architecture->flags(core, host_address(core, pc, 2), false) & core->concern); n++) {
    pc += length_at(core, pc);
  }
  return n;
}

// The block up to and with that instruction.
static int execute_singly(struct core *core, uint32_t before) {
  const struct architecture *architecture = core->architecture;
  uint32_t pc = core->current_block;
  for (uint32_t i = 0; i < before; i++) pc += length_at(core, pc);
  int outcome = step(core, before);
  if (outcome != CONTINUE || get(core, architecture->pc) != pc) return outcome;
  if (architecture->permits && architecture->permits(core, pc)) {
    core->current_size -= pc - core->current_block;
    core->current_block = pc;
    return architecture->assisted(core, step);
  }
  if (core->debugger && !meet_instruction(core, pc)) {
    if (core->debugger->jumps) jump(core);
    return CONTINUE;
  }
  core->count++;
  core->cycles += cost_of(core, pc, length_at(core, pc));
  return architecture->execute(core, pc);
}

// The hook held before a block: it asks for attention, the deadline or the slice's end lies in the block, or an
// instruction that Unicorn must not execute.
static int go_on_from_block(struct core *core) {
  struct block *block = block_at(core, core->current_block, core->current_size);
  if (!block || core->limit == 0 || core->count >= core->deadline) return CONTINUE;
  uint64_t room = core->deadline - core->count;
  core->concern = concern_of(core, block);
  if (core->concern) {
    if (core->concern & FOREIGN && core->architecture->admit && core->architecture->admit(core)) return CONTINUE;
    uint32_t before = before_concern(core);
    if (before < room) return execute_singly(core, before);
  }
  if (block->instructions > room) return step(core, room);
  if (block->flags & core->attention & (TRAPPED | EVERY)) return run_blocks(core, block);
  return AT_SLICE;
}

static void skip_to(struct core *core, uint64_t count) {
  if (count > core->count) {
    core->skipped += count - core->count;
    core->count = count;
  }
  core->synchronised = core->count;
}

// Asleep in WFI. Renode's quirk: an interrupt that is held back (PRIMASK, mstatus.MIE) wakes the core only at the
// next clock entry or at the end of the quantum.
static int sleep_on(struct core *core) {
  const struct architecture *architecture = core->architecture;
  if (!architecture->wakes(core, false)) {
    core->sleeping = 1;
    skip_to(core, core->deadline);
    return CONTINUE;
  }
  if (!core->sleeping && !architecture->wakes(core, true)) {
    uint64_t quantum_end = (core->count / core->quantum + 1) * core->quantum;
    skip_to(core, quantum_end < core->deadline ? quantum_end : core->deadline);
  }
  core->sleeping = 0;
  return CONTINUE;
}

EXPORT int core_run(struct core *core) {
  core->epoch++;
  for (;;) {
    if (core->failure) return core->failure;
    if (core->stale) {
      uc_ctl_flush_tb(core->machine);
      uc_ctl_flush_tb(core->stepper);
      core->stale = false;
    }
    if (core->outdated) {
      uc_ctl_remove_cache(core->machine, core->current_block, core->current_block + core->current_size);
      core->outdated = false;
    }
    if (core->debugger && core->debugger->abandoned) return ABANDONED;
    if (core->debugger && core->debugger->faulted) {
      core->debugger->faulted = false;
      return FAULTED;
    }
    if (core->sleeping) sleep_on(core);
    if (core->stop) return STOPPED;
    if (core->count >= core->deadline) return AT_DEADLINE;
    if (core->count >= core->slice) return AT_SLICE;
    uint32_t running = core->running;
    int outcome = core->architecture->arbitrate(core);
    if (outcome != CONTINUE) return outcome;
    if (core->failure) continue;
    if (core->debugger && core->running != running) suspend_steps(core, running);

    core->attention = WATCHED | core->architecture->attention(core) | debugging_attention(core);
    core->limit = core->deadline < core->slice ? core->deadline : core->slice;
    outcome = start(core, core->machine);
    if (outcome == HELD) outcome = go_on_from_block(core);
    if (outcome == ASLEEP) outcome = sleep_on(core);
    if (outcome != CONTINUE) return core->failure ? (int)core->failure : outcome;
  }
}
