// Cortex-M: its instructions as far as the engine looks at them. Thumb-2, Arm DDI 0403E, chapters A5 and A7.

#include "cortex_m_exceptions.h"

static uint32_t length(const uint8_t *instruction) { return (halfword(instruction) >> 11) >= 0x1D ? 4 : 2; }

static bool is_float(const uint8_t *bytes) {
  return length(bytes) == 4 && (bytes[1] & 0xEC) == 0xEC && (bytes[3] & 0x0E) == 0x0A;
}

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

static uint32_t flags(const uint8_t *instruction, bool last) {
  return (is_float(instruction) ? FOREIGN : 0) | (last && may_unmask(instruction) ? UNMASKS : 0);
}

static bool unit_off(const struct core *core) { return (core->cortex_m.cpacr >> 20 & 0xF) != 0xF; }

static uint32_t attention(struct core *core) {
  bool floats_matter = unit_off(core) || core->cortex_m.fpccr & FPCCR_LSPACT;
  return (floats_matter ? FOREIGN : 0) | (interrupt_pending(core) ? UNMASKS : 0);
}

static void reset(struct core *core, uint32_t vector_table) {
  uint32_t stack = 0, entry = 0;
  core->cortex_m.vector_table = vector_table;
  load_word(core, vector_table, &stack);
  load_word(core, vector_table + 4, &entry);
  set(core, UC_ARM_REG_MSP, stack);
  set(core, UC_ARM_REG_LR, 0);  // as in Renode; silicon has 0xFFFFFFFF
  set(core, UC_ARM_REG_PC, entry);
}

static uint64_t start(struct core *core) { return get(core, UC_ARM_REG_PC) | (get(core, UC_ARM_REG_XPSR) >> 24 & 1); }

// The first instruction with floats in a handler: what the frame has room for is stacked now.
static bool admit(struct core *core) {
  if (unit_off(core)) return false;
  preserve_floats(core);
  return true;
}

// Only instructions with floats while the FPU is off get here.
static int execute(struct core *core, uint32_t pc) { return take_fault(core, USAGE_FAULT, NOCP, pc, 0); }

static int trouble(struct core *core, enum trouble what, uint32_t pc, uint32_t address) {
  if (what == FETCH_FROM_NOTHING) {
    bool execute_never = address >> 29 == 2 || address >= 0xE0000000;
    return take_fault(core, execute_never ? MEM_MANAGE : BUS_FAULT, execute_never ? IACCVIOL : IBUSERR, pc, 0);
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
static void pass(struct core *core, uint32_t address) {
  if (address < core->current_block + 4 || address >= core->current_block + core->current_size) return;
  if (!is_barrier(host_address(core, address - 4, 4))) return;
  core->synchronised = core->block_start + instructions_before(core, address);
  if (core->limit == 0) {
    cut_block(core, address);
    hold(core);
  }
}

static void pass_barrier(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  (void)engine, (void)size;
  pass(data, address);
}

static void prepare(struct core *core, uint32_t address, const uint8_t *bytes, uint32_t size) {
  uc_hook hook;
  for (uint32_t at = 0; at + 4 < size; at += 2) {
    uint32_t next = address + at + 4;
    if (is_barrier(bytes + at)) uc_hook_add(core->machine, &hook, UC_HOOK_CODE, pass_barrier, core, next, next);
  }
}

// Unicorn has put the IT state of this instruction into the registers, but within a block it must be empty there.
static void refill(uc_engine *engine) {
  uint32_t no_it = 1u << 24;
  uc_reg_write(engine, UC_ARM_REG_EPSR, &no_it);
}

// Whether the instruction at `until` is in an IT block that began at or before `from`, in the same basic block.
static bool in_it_block(struct core *core, uint32_t from, uint32_t until) {
  uint32_t xpsr = get(core, UC_ARM_REG_XPSR), state = (xpsr >> 25 & 3) | (xpsr >> 8 & 0xFC);
  for (uint32_t at = from; at < until;) {
    const uint8_t *bytes = host_address(core, at, 2);
    uint32_t first = halfword(bytes);
    bool begins = (first & 0xFF00) == 0xBF00 && (first & 0xF);
    state = begins ? first & 0xFF : (state & 7) ? (state & 0xE0) | (state << 1 & 0x1F) : 0;
    at += length(bytes);
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
    .length = length,
    .flags = flags,
    .attention = attention,
    .reset = reset,
    .start = start,
    .execute = execute,
    .admit = admit,
    .arbitrate = take_pending,
    .wakes = would_preempt,
    .trouble = trouble,
    .interrupt = handle_exception_of_unicorn,
    .prepare = prepare,
    .pass = pass,
    .refill = refill,
    .needs_exit = in_it_block,
};
