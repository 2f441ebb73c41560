// Running to a deadline: whole blocks in one Unicorn instance, the last instructions before the deadline in another.

#include "core.h"

// The address that the instruction at `pc` accesses in vain. When the TLB finds nothing Unicorn tells only the page,
// but stops with all registers as they were; so the stepper runs the instruction again with a TLB that finds
// everything, and Unicorn's own complaint has the address. What the stepper does to its registers is dropped.
static uint32_t exact_address(struct core *core, uint32_t pc) {
  uint32_t xpsr = get(core, UC_ARM_REG_XPSR);
  uc_context_save(core->machine, core->context);
  uc_context_restore(core->stepper, core->context);
  core->engine = core->stepper;
  core->step_until = pc + 1;
  core->held = false;
  core->lenient = true;
  uc_emu_start(core->stepper, pc | (xpsr >> 24 & 1), 0, 0, 0);
  core->lenient = false;
  core->engine = core->machine;
  uc_ctl_flush_tlb(core->stepper);
  return core->missed_address;
}

static int handle_error(struct core *core, uc_err error) {
  uint32_t pc = get(core, UC_ARM_REG_PC), address = core->missed_address;
  if (core->missed && core->missed_type == UC_MEM_FETCH) {
    bool execute_never = address >> 29 == 2 || address >= 0xE0000000;
    return take_fault(core, execute_never ? MEM_MANAGE : BUS_FAULT, execute_never ? IACCVIOL : IBUSERR, pc, 0);
  }
  if (core->missed) {
    cut_block(core, pc);
    core->bfar = exact_address(core, pc);
    return take_fault(core, BUS_FAULT, PRECISERR | BFARVALID, pc, core->bfar);
  }
  if (error == UC_ERR_INSN_INVALID) {
    bool at_end = pc == core->current_block + core->current_size;
    if (at_end && is_hint(host_address(core, pc - 2, 2))) return CONTINUE;
    bool thumb = get(core, UC_ARM_REG_XPSR) >> 24 & 1;
    if (!thumb) cut_block(core, pc);
    return take_fault(core, USAGE_FAULT, thumb ? UNDEFINSTR : INVSTATE, pc, 0);
  }
  core->unicorn_error = error;
  return BROKEN;
}

static int start(struct core *core, uc_engine *engine) {
  uint32_t pc = get(core, UC_ARM_REG_PC), xpsr = get(core, UC_ARM_REG_XPSR);
  core->engine = engine;
  core->interrupt = -1;
  core->missed = core->held = false;
  uc_err error = uc_emu_start(engine, pc | (xpsr >> 24 & 1), 0, 0, 0);
  if (engine == core->stepper) {
    uc_context_save(engine, core->context);
    uc_context_restore(core->machine, core->context);
    core->engine = core->machine;
  }
  if (error != UC_ERR_OK) return handle_error(core, error);
  if (core->interrupt >= 0) return handle_interrupt(core);
  return core->held ? HELD : ASLEEP;
}

// Whether the instruction at `until` is in an IT block that began at or before `from`, in the same basic block.
static bool in_it_block(struct core *core, uint32_t from, uint32_t until) {
  uint32_t xpsr = get(core, UC_ARM_REG_XPSR), state = (xpsr >> 25 & 3) | (xpsr >> 8 & 0xFC);
  for (uint32_t at = from; at < until;) {
    uint32_t first = halfword(host_address(core, at, 2));
    bool begins = (first & 0xFF00) == 0xBF00 && (first & 0xF);
    state = begins ? first & 0xFF : (state & 7) ? (state & 0xE0) | (state << 1 & 0x1F) : 0;
    at += length(first);
  }
  return state & 0xF;
}

// Run the stepper from the block's start to `until`. Its translations call `pass_step` at every instruction, which
// can stop there, and so serve for any `until`; save within an IT block, where Unicorn does not stop, and where a
// translation that ends at `until` has to be made.
static int run_stepper(struct core *core, uint32_t until) {
  uint64_t exit = until;
  bool within_it = in_it_block(core, core->current_block, until);
  uc_context_save(core->machine, core->context);
  uc_context_restore(core->stepper, core->context);
  core->step_until = until;
  if (within_it || memory_at(core, until)->stored) uc_ctl_flush_tb(core->stepper);
  if (within_it) uc_ctl_set_exits(core->stepper, &exit, 1);
  int outcome = start(core, core->stepper);
  if (within_it) {
    uc_ctl_set_exits(core->stepper, &exit, 0);
    uc_ctl_flush_tb(core->stepper);
  }
  return outcome == ASLEEP || outcome == HELD ? CONTINUE : outcome;
}

// Execute `steps` instructions of the block at which the hook held, fewer than it has.
static int step(struct core *core, uint32_t steps) {
  uint32_t block = core->current_block, until = block;
  for (uint32_t i = 0; i < steps; i++) until += length(halfword(host_address(core, until, 2)));
  struct block whole = *block_at(core, block, core->current_size);
  struct block rest = *block_at(core, until, core->current_size - (until - block));
  if (whole.flags & WATCHED) mark(core, block);
  remember(core, block);
  core->block_start = core->synchronised = core->count;
  core->cycles_before = core->cycles;
  core->count += steps;
  core->cycles += whole.cycles > rest.cycles ? whole.cycles - rest.cycles : 0;
  if (block != core->next_sequential) core->cycles += core->branch_penalty;
  core->next_sequential = until;
  return run_stepper(core, until);
}

// The block at which the hook held computes with floats while the FPU is off.
static int float_without_unit(struct core *core) {
  uint32_t pc = core->current_block, steps = 0;
  for (; !is_float(host_address(core, pc, 4)); steps++) pc += length(halfword(host_address(core, pc, 2)));
  if (steps) {
    int outcome = step(core, steps);
    if (outcome != CONTINUE || get(core, UC_ARM_REG_PC) != pc) return outcome;
  }
  core->count++;
  return take_fault(core, USAGE_FAULT, NOCP, pc, 0);
}

// The hook held before a block: it asks for attention, or the deadline, the slice's end or a fault lies in the
// block.
static int go_on_from_block(struct core *core) {
  struct block *block = block_at(core, core->current_block, core->current_size);
  if (!block || core->limit == 0) return CONTINUE;
  if (core->count + block->instructions > core->deadline) return step(core, core->deadline - core->count);
  if (core->count + block->instructions > core->slice) return AT_SLICE;
  return float_without_unit(core);
}

static void skip_to(struct core *core, uint64_t count) {
  if (count > core->count) {
    core->skipped += count - core->count;
    core->count = count;
  }
  core->synchronised = core->count;
}

// Asleep in WFI. Renode's quirk: an interrupt that PRIMASK holds back wakes the core only at the next clock entry or
// at the end of the quantum.
static int sleep_on(struct core *core) {
  if (!would_preempt(core, false)) {
    core->sleeping = 1;
    skip_to(core, core->deadline);
    return CONTINUE;
  }
  if (!core->sleeping && !would_preempt(core, true)) {
    uint64_t quantum_end = (core->count / core->quantum + 1) * core->quantum;
    skip_to(core, quantum_end < core->deadline ? quantum_end : core->deadline);
  }
  core->sleeping = 0;
  return CONTINUE;
}

EXPORT int core_run(struct core *core) {
  for (;;) {
    if (core->stale) {
      uc_ctl_flush_tb(core->machine);
      uc_ctl_flush_tb(core->stepper);
      core->stale = false;
    }
    if (core->sleeping) sleep_on(core);
    if (core->stop) return STOPPED;
    if (core->count >= core->deadline) return AT_DEADLINE;
    if (core->count >= core->slice) return AT_SLICE;
    int outcome = arbitrate(core);
    if (outcome != CONTINUE) return outcome;

    bool masked = highest(core->pending, core->enabled, core) != 0;
    bool floats_off = (core->cpacr >> 20 & 0xF) != 0xF;
    core->flag_mask = WATCHED | (masked ? UNMASKS : 0) | (floats_off ? FLOATS : 0);
    core->limit = core->deadline < core->slice ? core->deadline : core->slice;
    outcome = start(core, core->machine);
    if (outcome == HELD) outcome = go_on_from_block(core);
    if (outcome == ASLEEP) outcome = sleep_on(core);
    if (outcome != CONTINUE) return outcome;
  }
}
