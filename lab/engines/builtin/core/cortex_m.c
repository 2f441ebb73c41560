// Cortex-M: its instructions as far as the engine looks at them. Thumb-2, Arm DDI 0403E, chapters A5 and A7.

#include "cortex_m_exceptions.h"
#include "thumb.h"

enum { FPSCR_RMODE = 3 << 22, MVFR0_DOUBLE = 0xF << 8 };

// An address that no access finds anything at, with offsets up to 1020 either way.
enum { NOWHERE = 0xFFFFF800 };

// CPS and MSR end a block and may let a pending exception through.
static bool may_unmask(const uint8_t *bytes) {
  uint32_t first = halfword(bytes);
  return (first & 0xFFE8) == 0xB660 || (first & 0xFFE0) == 0xF380;
}

// WFE and YIELD, which Unicorn takes for invalid. WFE may wake at once, as it does here.
static bool is_hint(const uint8_t *bytes) { return bytes && (halfword(bytes) == 0xBF20 || halfword(bytes) == 0xBF10); }

static bool is_barrier(const uint8_t *bytes) {
  return halfword(bytes) == 0xF3BF && bytes[3] == 0x8F && (bytes[2] >> 4 == 4 || bytes[2] >> 4 == 5);
}

static bool has_doubles(const struct core *core) { return core->cortex_m.mvfr[0] & MVFR0_DOUBLE; }

// The part that CPUID names: of those of Armv7-M the Cortex-M3 alone has no DSP extension, and Armv6-M has nothing that
// could be taken for it.
static bool has_dsp(const struct core *core) { return (core->cortex_m.cpuid >> 4 & 0xFFF) != 0xC23; }

static bool is_absent_here(const struct core *core, const uint8_t *instruction) {
  return is_absent(instruction, has_doubles(core), has_dsp(core));
}

// The register that must be a multiple of 4: the base of an access, or what goes into the stack pointer.
static int aligned_base(const uint8_t *instruction) {
  int base = aligned_access(instruction, false).base;
  return base == NO_REGISTER ? stack_source(instruction) : base;
}

static uint32_t flags(const struct core *core, const uint8_t *instruction, bool last) {
  bool accesses = aligned_base(instruction) != NO_REGISTER;
  return (is_float(instruction) ? FOREIGN : 0) | (is_absent_here(core, instruction) ? ABSENT : 0) |
         (is_fixed_to_float(instruction) ? ROUNDED : 0) | (accesses ? ACCESS : 0) |
         (last && may_unmask(instruction) ? UNMASKS : 0);
}

static uint32_t it_state(struct core *core) {
  uint32_t xpsr = get(core, UC_ARM_REG_XPSR);
  return (xpsr >> 25 & 3) | (xpsr >> 8 & 0xFC);
}

// A literal that is a multiple of 4, in memory that the core has never stored to.
static bool loads_aligned(const struct window *window, const uint8_t *bytes, int *target) {
  int32_t offset;
  uint32_t literal = 1, at;
  if (*window->stored || !is_literal_load(bytes, target, &offset)) return false;
  at = (uint32_t)((bytes - window->bytes + offset) & ~3);
  if (at < window->size) memcpy(&literal, window->bytes + at, 4);
  return literal % 4 == 0;
}

// From which register at the block's beginning each register has its value modulo 4, and so which of these must be
// multiples of 4 there. What cannot be told then is looked at by a hook before the access.
static void survey(struct core *core, const struct window *window, struct block *block, uint32_t address) {
  enum { MULTIPLE = -1, UNKNOWN = -2 };
  int origins[16], target;
  for (int i = 0; i < 16; i++) origins[i] = i < 13 || i == 14 ? i : MULTIPLE;
  uint32_t conditional = it_state(core) & 0xF ? 4 : 0;
  const uint8_t *at = window->bytes + (address - window->base), *end = at + block->size;
  for (; at < end; at += thumb_length(at), conditional -= conditional > 0) {
    int base = aligned_base(at);
    if (base != NO_REGISTER && origins[base] >= 0) block->flags |= ALIGNED << origins[base];
    if (base != NO_REGISTER && origins[base] == UNKNOWN) {
      hook_instruction(core, window, address + block->size - (uint32_t)(end - at));
    }
    struct effect effect = effect_of(at);
    for (uint32_t lost = effect.lost; lost; lost &= lost - 1) origins[__builtin_ctz(lost)] = UNKNOWN;
    if (effect.target != NO_REGISTER) {
      bool same = origins[effect.target] == origins[effect.source];
      origins[effect.target] = conditional && !same ? UNKNOWN : origins[effect.source];
    }
    if (!conditional && loads_aligned(window, at, &target) && target < 15) origins[target] = MULTIPLE;
    if (conditional_after(at)) conditional = conditional_after(at) + 1;
  }
  if (conditional) block->flags |= SPLIT;
  for (int i = 0; i < 15; i++) block->unaligned |= (origins[i] != i && origins[i] != MULTIPLE) << i;
}

static bool unit_off(const struct core *core) { return (core->cortex_m.cpacr >> 20 & 0xF) != 0xF; }

static int register_of_unicorn(int number) { return number == 14 ? UC_ARM_REG_LR : UC_ARM_REG_R0 + number; }

// Registers that prove to be aligned need no look again until an instruction may have changed that.
static uint32_t pressing(struct core *core, uint32_t needs) {
  uint32_t concern = needs & (FOREIGN | ABSENT);
  for (uint32_t left = needs & ALL_ALIGNED; left; left &= left - 1) {
    uint32_t need = left & -left;
    if (get(core, register_of_unicorn(__builtin_ctz(need / ALIGNED))) % 4) {
      concern |= ACCESS;
    } else {
      core->attention &= ~need;
    }
  }
  if (needs & ROUNDED && get(core, UC_ARM_REG_FPSCR) & FPSCR_RMODE) concern |= ROUNDED;
  return concern;
}

static uint32_t address_of(struct core *core, struct operand access) {
  uint32_t address = get(core, register_of_unicorn(access.base)) + access.offset;
  if (access.index != NO_REGISTER) address += get(core, register_of_unicorn(access.index)) << access.shift;
  return address;
}

static bool is_misaligned(struct core *core, struct operand access) {
  return access.base != NO_REGISTER && address_of(core, access) % access.alignment;
}

static struct operand checked_access(struct core *core, const uint8_t *bytes) {
  return aligned_access(bytes, core->cortex_m.ccr & CCR_UNALIGN_TRP);
}

// Before an access that may have to be refused. Inside an IT block Unicorn does not stop here: there its access
// is led to where it finds nothing, which stops it in time.
static void inspect(struct core *core, uint32_t pc) {
  const uint8_t *bytes = host_address(core, pc, 2);
  struct operand access = checked_access(core, bytes);
  int source = stack_source(bytes);
  if (source != NO_REGISTER && get(core, register_of_unicorn(source)) % 4 && pc != core->current_block) {
    cut_block(core, pc);  // a block of its own, in which it is singled out
    core->limit = 0;
    hold(core);
  }
  if (core->refused || !is_misaligned(core, access)) return;
  core->refused = true;
  core->refused_pc = pc;
  core->refused_address = address_of(core, access);
  core->diverted = register_of_unicorn(access.base);
  core->diverted_value = get(core, core->diverted);
  set(core, core->diverted, NOWHERE - (core->refused_address - core->diverted_value - access.offset));
  hold(core);
}

static void inspect_hooked(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  (void)engine, (void)size;
  inspect(data, address);
}

static void hook(struct core *core, uint32_t address) {
  uc_hook hook;
  uc_hook_add(core->machine, &hook, UC_HOOK_CODE, inspect_hooked, core, address, address);
}

// CCR.UNALIGN_TRP: every load and store has to be looked at.
static void watch_all_accesses(struct core *core, bool on) {
  if (on == core->watches_accesses) return;
  if (on) {
    uc_hook_add(core->machine, &core->access_hook, UC_HOOK_CODE, inspect_hooked, core, 1, 0);
  } else {
    uc_hook_del(core->machine, core->access_hook);
  }
  uc_ctl_flush_tb(core->machine);
  core->watches_accesses = on;
}

// Of no register is known that it is aligned. What may unmask exceptions may also set FAULTMASK, with which the MPU
// does not count.
static uint32_t attention(struct core *core) {
  bool floats_matter = unit_off(core) || core->cortex_m.fpccr & FPCCR_LSPACT;
  watch_all_accesses(core, core->cortex_m.ccr & CCR_UNALIGN_TRP);
  renew_protection(core);
  return ABSENT | ROUNDED | ALL_ALIGNED | (floats_matter ? FOREIGN : 0) |
         (interrupt_pending(core) || core->cortex_m.mpu.control ? UNMASKS : 0);
}

static void reset(struct core *core, uint32_t vector_table) {
  uint32_t stack = 0, entry = 0;
  core->cortex_m.vector_table = vector_table;
  load_word(core, vector_table, &stack);
  load_word(core, vector_table + 4, &entry);
  set(core, UC_ARM_REG_MSP, stack & ~3u);
  set(core, UC_ARM_REG_LR, 0);  // as in Renode; silicon has 0xFFFFFFFF
  set(core, UC_ARM_REG_PC, entry);
}

static uint64_t start(struct core *core) { return get(core, UC_ARM_REG_PC) | (get(core, UC_ARM_REG_XPSR) >> 24 & 1); }

static void go_to(struct core *core, uint32_t pc) {
  set(core, UC_ARM_REG_EPSR, 1u << 24);
  set(core, UC_ARM_REG_PC, pc | 1);
}

// The first instruction with floats in a handler: what the frame has room for is stacked now.
static bool admit(struct core *core) {
  if (unit_off(core)) return false;
  preserve_floats(core);
  return true;
}

// ITSTATE and the condition that it asks for. Arm DDI 0403E, A7.3.
static bool condition_holds(struct core *core) {
  uint32_t xpsr = get(core, UC_ARM_REG_XPSR), it = it_state(core);
  bool n = xpsr >> 31 & 1, z = xpsr >> 30 & 1, c = xpsr >> 29 & 1, v = xpsr >> 28 & 1;
  const bool conditions[] = {z, c, n, v, c && !z, n == v, n == v && !z, true};
  return !(it & 0xF) || it >> 4 >= 14 || conditions[it >> 5] != (it >> 4 & 1);
}

// The reason for which the instruction, which was singled out, faults: a bit of CFSR, or 0.
static uint32_t fault_of(struct core *core, uint32_t pc) {
  const uint8_t *bytes = host_address(core, pc, 2);
  if (!condition_holds(core)) return 0;
  if (is_float(bytes) && unit_off(core)) return NOCP;
  if (is_absent_here(core, bytes)) return UNDEFINSTR;
  return is_misaligned(core, checked_access(core, bytes)) ? UNALIGNED : 0;
}

static bool permits(struct core *core, uint32_t pc) { return !fault_of(core, pc); }

static int execute(struct core *core, uint32_t pc) {
  uint32_t status = fault_of(core, pc);
  struct operand access = checked_access(core, host_address(core, pc, 2));
  uint32_t address = status == UNALIGNED ? address_of(core, access) : status == NOCP ? FPU : 0;
  return take_fault(core, USAGE_FAULT, status, pc, address);
}

// Fixed point is converted with rounding to the nearest whatever FPSCR says; Unicorn asks FPSCR. The two lowest bits of
// the stack pointer are 0; Unicorn keeps them.
static int assisted(struct core *core, int (*step)(struct core *core, uint32_t steps)) {
  uint32_t mode = get(core, UC_ARM_REG_FPSCR) & FPSCR_RMODE;
  set(core, UC_ARM_REG_FPSCR, get(core, UC_ARM_REG_FPSCR) & ~FPSCR_RMODE);
  int outcome = step(core, 1);
  set(core, UC_ARM_REG_FPSCR, get(core, UC_ARM_REG_FPSCR) | mode);
  const int stacks[] = {UC_ARM_REG_SP, UC_ARM_REG_MSP, UC_ARM_REG_PSP};
  for (int i = 0; i < 3; i++) {
    if (get(core, stacks[i]) % 4) set(core, stacks[i], get(core, stacks[i]) & ~3u);
  }
  return outcome;
}

static int trouble(struct core *core, enum trouble what, uint32_t pc, uint32_t address) {
  if (what == FETCH_FROM_NOTHING) {
    bool execute_never = address >> 29 == 2 || address >= 0xE0000000;
    return take_fault(core, execute_never ? MEM_MANAGE : BUS_FAULT, execute_never ? IACCVIOL : IBUSERR, pc, 0);
  }
  if (what == FETCH_DENIED) return take_fault(core, MEM_MANAGE, IACCVIOL, pc, pc);
  if (what == ACCESS_DENIED) {
    core->cortex_m.mmfar = address;
    return take_fault(core, MEM_MANAGE, DACCVIOL | MMARVALID, pc, address);
  }
  if (what == MISALIGNED) {
    set(core, core->diverted, core->diverted_value);
    cut_block(core, pc);
    core->count++;
    return take_fault(core, USAGE_FAULT, UNALIGNED, pc, address);
  }
  if (what != INVALID_INSTRUCTION) {
    core->cortex_m.bfar = address;
    return take_fault(core, BUS_FAULT, PRECISERR | BFARVALID, pc, address);
  }
  bool at_end = pc == core->current_block + core->current_size;
  if (at_end && is_hint(host_address(core, pc - 2, 2))) return CONTINUE;
  bool thumb = get(core, UC_ARM_REG_XPSR) >> 24 & 1;
  if (!thumb) cut_block(core, pc);
  return take_fault(core, USAGE_FAULT, thumb ? UNDEFINSTR : INVSTATE, pc, 0);
}

// The instruction after a DSB or DMB. These end a block in Renode: time is synchronised there, and an exception that
// a store before raised is taken.
static void pass_barrier(struct core *core, uint32_t address) {
  if (address < core->current_block + 4 || address >= core->current_block + core->current_size) return;
  if (!is_barrier(host_address(core, address - 4, 4))) return;
  core->synchronised = core->block_start + instructions_before(core, address);
  if (core->limit == 0) {
    cut_block(core, address);
    hold(core);
  }
}

static void pass_hooked(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  (void)engine, (void)size;
  pass_barrier(data, address);
}

static void pass(struct core *core, uint32_t address) {
  pass_barrier(core, address);
  if (address < core->step_until) inspect(core, address);
}

static void prepare(struct core *core, uint32_t address, const uint8_t *bytes, uint32_t size) {
  uc_hook hook;
  for (uint32_t at = 0; at + 4 < size; at += 2) {
    uint32_t next = address + at + 4;
    if (is_barrier(bytes + at)) uc_hook_add(core->machine, &hook, UC_HOOK_CODE, pass_hooked, core, next, next);
  }
}

// Unicorn has put the IT state of this instruction into the registers, but within a block it must be empty there.
static void refill(uc_engine *engine) {
  uint32_t no_it = 1u << 24;
  uc_reg_write(engine, UC_ARM_REG_EPSR, &no_it);
}

// Whether the instruction at `until` is in an IT block that began at or before `from`, in the same basic block.
static bool in_it_block(struct core *core, uint32_t from, uint32_t until) {
  uint32_t state = it_state(core);
  for (uint32_t at = from; at < until;) {
    const uint8_t *bytes = host_address(core, at, 2);
    uint32_t first = halfword(bytes);
    bool begins = (first & 0xFF00) == 0xBF00 && (first & 0xF);
    state = begins ? first & 0xFF : (state & 7) ? (state & 0xE0) | (state << 1 & 0x1F) : 0;
    at += thumb_length(bytes);
  }
  return state & 0xF;
}

const struct architecture cortex_m = {
    .arch = UC_ARCH_ARM,
    .mode = UC_MODE_THUMB,
    .page = 1024,
    .pc = UC_ARM_REG_PC,
    .argument = UC_ARM_REG_R0,
    .link = UC_ARM_REG_LR,
    .stack = UC_ARM_REG_SP,
    .length = thumb_length,
    .flags = flags,
    .survey = survey,
    .attention = attention,
    .pressing = pressing,
    .reset = reset,
    .start = start,
    .go_to = go_to,
    .admit = admit,
    .permits = permits,
    .execute = execute,
    .assisted = assisted,
    .arbitrate = take_pending,
    .wakes = would_preempt,
    .trouble = trouble,
    .interrupt = handle_exception_of_unicorn,
    .in_fault = in_fault,
    .prepare = prepare,
    .pass = pass,
    .hook = hook,
    .refill = refill,
    .protection = protection,
    .needs_exit = in_it_block,
};
