// RISC-V: RV32IMC and RV32IMAC in machine mode. Unicorn executes what chapters 2, 7, 8 and 16 of Volume I say
// (20191213); the SYSTEM instructions and traps of Volume II (20211203), chapter 3, are here, for Unicorn has neither
// interrupts nor counters that can be relied upon.

#include "riscv_csr.h"

// Exception codes of mcause.
enum { FETCH_FAULT = 1, ILLEGAL = 2, BREAKPOINT = 3, LOAD_FAULT = 5, STORE_FAULT = 7, ECALL_FROM_MACHINE = 11 };
enum { LOAD_MISALIGNED = 4, STORE_MISALIGNED = 6 };

enum { INTERRUPT = 1u << 31, HANDLING = 1 << 30 };  // HANDLING keeps `running` from 0

enum { OPCODE = 0x7F, ATOMIC = 0x2F, SYSTEM = 0x73, LOAD_RESERVED = 2 };
enum { ECALL = 0x00000073, EBREAK = 0x00100073, MRET = 0x30200073, WFI = 0x10500073, C_EBREAK = 0x9002 };

enum { QEMU_ILLEGAL = 2 };  // those above have the numbers that mcause has

static uint32_t length(const uint8_t *instruction) { return (instruction[0] & 3) == 3 ? 4 : 2; }

// Instructions of the A extension, which Unicorn's model of this hart has and the board's has not, go the same way.
static uint32_t flags(const struct core *core, const uint8_t *instruction, bool last) {
  (void)last;
  uint32_t opcode = instruction[0] & OPCODE;
  bool absent = opcode == ATOMIC && !core->riscv.atomics;
  return opcode == SYSTEM || absent || halfword(instruction) == C_EBREAK ? FOREIGN : 0;
}

static uint32_t attention(struct core *core) {
  (void)core;
  return FOREIGN;
}

static void reset(struct core *core, uint32_t entry) {
  const struct riscv *before = &core->riscv;
  core->riscv = (struct riscv){.lines = before->lines, .granted = before->granted, .atomics = before->atomics};
  reset_counter(core);
  set(core, UC_RISCV_REG_PC, entry);
}

static uint64_t start(struct core *core) { return get(core, UC_RISCV_REG_PC); }

static int trap(struct core *core, uint32_t cause, uint32_t pc, uint32_t value) {
  struct riscv *hart = &core->riscv;
  uint32_t base = hart->mtvec & ~3u;
  if (!base) {
    core->unhandled = cause;
    return NO_HANDLER;
  }
  hart->mepc = pc;
  hart->mcause = cause;
  hart->mtval = value;
  hart->mstatus = MSTATUS_MPP | (hart->mstatus & MSTATUS_MIE ? MSTATUS_MPIE : 0);
  hart->traps++;
  core->running = cause | HANDLING;
  if (core->calls) follow_handler(core, core->running);
  core->cycles += core->exception_entry;
  core->next_sequential = 0;
  bool vectored = hart->mtvec & 1 && cause & INTERRUPT;
  set(core, UC_RISCV_REG_PC, vectored ? base + 4 * (cause & ~INTERRUPT) : base);
  return CONTINUE;
}

// A fault at the place of the fault whose handler has not returned would come back for ever.
static int take_fault(struct core *core, uint32_t cause, uint32_t pc, uint32_t value) {
  struct riscv *hart = &core->riscv;
  note_fault(core, (struct fault){cause, pc, 1, value});
  if (hart->fault_open && hart->fault_pc == pc) return LOCKED_UP;
  hart->fault_pc = pc;
  hart->fault_open = true;
  return trap(core, cause, pc, value);
}

static int illegal(struct core *core, uint32_t pc) {
  uint32_t encoding = 0;
  const uint8_t *bytes = host_address(core, pc, 2);
  memcpy(&encoding, bytes, length(bytes));
  return take_fault(core, ILLEGAL, pc, encoding);
}

static void go_to(struct core *core, uint32_t pc) { set(core, UC_RISCV_REG_PC, pc); }

static int go_on_at(struct core *core, uint32_t pc) {
  go_to(core, pc);
  return CONTINUE;
}

static int return_from_trap(struct core *core) {
  struct riscv *hart = &core->riscv;
  hart->mstatus = MSTATUS_MPIE | (hart->mstatus & MSTATUS_MPIE ? MSTATUS_MIE : 0);
  hart->fault_open = false;
  core->cycles += core->exception_return;
  if (core->calls) follow_handler_return(core);
  if (hart->traps) hart->traps--;
  if (!hart->traps) core->running = 0;
  core->next_sequential = 0;
  return go_on_at(core, hart->mepc);
}

static uint32_t general(struct core *core, uint32_t number) { return number ? get(core, UC_RISCV_REG_X0 + number) : 0; }

// CSRRW, CSRRS, CSRRC and their forms with an immediate.
static int access_csr(struct core *core, uint32_t pc, uint32_t instruction) {
  uint32_t target = instruction >> 7 & 31, operation = instruction >> 12 & 7, source = instruction >> 15 & 31;
  uint32_t number = instruction >> 20, operand = operation & 4 ? source : general(core, source), old = 0;
  bool swaps = (operation & 3) == 1;
  if (!(operation & 3)) return illegal(core, pc);
  if (!(swaps && !target) && !read_csr(core, number, &old)) return illegal(core, pc);
  uint32_t value = swaps ? operand : (operation & 3) == 2 ? old | operand : old & ~operand;
  if ((swaps || source) && !write_csr(core, number, value)) return illegal(core, pc);
  if (target) set(core, UC_RISCV_REG_X0 + target, old);
  return go_on_at(core, pc + 4);
}

static int execute(struct core *core, uint32_t pc) {
  uint32_t instruction;
  if (halfword(host_address(core, pc, 2)) == C_EBREAK) return take_fault(core, BREAKPOINT, pc, pc);
  if (!load_word(core, pc, &instruction) || (instruction & OPCODE) == ATOMIC) return illegal(core, pc);
  switch (instruction) {
    case ECALL:
      return trap(core, ECALL_FROM_MACHINE, pc, 0);
    case EBREAK:
      return take_fault(core, BREAKPOINT, pc, pc);
    case MRET:
      return return_from_trap(core);
    case WFI:
      set(core, UC_RISCV_REG_PC, pc + 4);
      return ASLEEP;
    default:
      return access_csr(core, pc, instruction);
  }
}

static uint32_t waiting(const struct riscv *hart) { return (hart->lines & hart->mie) | hart->granted; }

static bool wakes(struct core *core, bool with_mask) {
  const struct riscv *hart = &core->riscv;
  return waiting(hart) && (!with_mask || hart->mstatus & MSTATUS_MIE);
}

// Of several interrupts the one with the lowest number comes first, as in Renode.
static int arbitrate(struct core *core) {
  if (!wakes(core, true)) return CONTINUE;
  uint32_t number = __builtin_ctz(waiting(&core->riscv));
  return trap(core, INTERRUPT | number, get(core, UC_RISCV_REG_PC), 0);
}

static int trouble(struct core *core, enum trouble what, uint32_t pc, uint32_t address) {
  static const uint32_t CAUSES[] = {
      [FETCH_FROM_NOTHING] = FETCH_FAULT, [LOAD_FROM_NOTHING] = LOAD_FAULT, [STORE_TO_NOTHING] = STORE_FAULT};
  if (what == INVALID_INSTRUCTION) return illegal(core, pc);
  return take_fault(core, CAUSES[what], pc, address);
}

static int refuse(struct core *core, uint32_t pc) {
  set(core, UC_RISCV_REG_PC, pc);
  cut_block(core, pc);
  core->count++;
  return illegal(core, pc);
}

// An atomic access to an address that is no multiple of 4, which the instruction's first source has.
static int refuse_atomic(struct core *core, uint32_t pc) {
  uint32_t instruction = 0;
  load_word(core, pc, &instruction);
  bool load = instruction >> 27 == LOAD_RESERVED;
  cut_block(core, pc);
  core->count++;
  return take_fault(core, load ? LOAD_MISALIGNED : STORE_MISALIGNED, pc, general(core, instruction >> 15 & 31));
}

// Unicorn has moved the program counter on by 4 before it tells of the exception.
static int interrupt(struct core *core) {
  uint32_t pc = get(core, UC_RISCV_REG_PC) - 4;
  bool misaligned = core->interrupt == LOAD_MISALIGNED || core->interrupt == STORE_MISALIGNED;
  if (misaligned) return refuse_atomic(core, pc);
  if (core->interrupt != QEMU_ILLEGAL) {
    core->unicorn_error = 1000 + core->interrupt;
    return BROKEN;
  }
  return refuse(core, pc);
}

static bool in_fault(const struct core *core) { return core->riscv.fault_open; }

const struct architecture riscv = {
    .arch = UC_ARCH_RISCV,
    .mode = UC_MODE_RISCV32,
    .page = 4096,
    .pc = UC_RISCV_REG_PC,
    .argument = UC_RISCV_REG_A0,
    .link = UC_RISCV_REG_RA,
    .stack = UC_RISCV_REG_SP,
    .length = length,
    .flags = flags,
    .attention = attention,
    .reset = reset,
    .start = start,
    .go_to = go_to,
    .execute = execute,
    .arbitrate = arbitrate,
    .wakes = wakes,
    .trouble = trouble,
    .interrupt = interrupt,
    .refuse = refuse,
    .in_fault = in_fault,
};
