// Exceptions of Armv7-M: priorities, entry, return, escalation. Arm DDI 0403E, B1.5.

#include "cortex_m_exceptions.h"

// Unicorn's (QEMU's) interrupt numbers for M-profile cores.
enum {
  QEMU_UNDEFINED = 1,
  QEMU_SVC = 2,
  QEMU_DATA_ABORT = 4,
  QEMU_BREAKPOINT = 7,
  QEMU_EXCEPTION_RETURN = 8,
  QEMU_NO_COPROCESSOR = 17,
  QEMU_INVALID_STATE = 18
};

enum { SHORT_FRAME = 0x20, LONG_FRAME = 0x68 };

static const int STACKED[] = {UC_ARM_REG_R0, UC_ARM_REG_R1,  UC_ARM_REG_R2,
                              UC_ARM_REG_R3, UC_ARM_REG_R12, UC_ARM_REG_LR};

static uint32_t frame_size(bool floats) { return floats ? LONG_FRAME : SHORT_FRAME; }

static bool bit(const uint64_t *set, int number) { return set[number / 64] >> (number % 64) & 1; }
static void raise_bit(uint64_t *set, int number) { set[number / 64] |= 1ull << (number % 64); }
static void clear_bit(uint64_t *set, int number) { set[number / 64] &= ~(1ull << (number % 64)); }

// The exception in both sets that comes first; 0 if there is none.
static int highest(const uint64_t *a, const uint64_t *b, const struct core *core) {
  int best = 0;
  for (int word = 0; word < WORDS; word++) {
    for (uint64_t bits = a[word] & b[word]; bits; bits &= bits - 1) {
      int number = 64 * word + __builtin_ctzll(bits);
      if (!best || core->cortex_m.priority[number] < core->cortex_m.priority[best]) best = number;
    }
  }
  return best;
}

static int group(const struct core *core, int priority) {
  return priority < 0 ? priority : priority & (int)core->cortex_m.group_mask;
}

// ExecutionPriority(), with PRIMASK left out where a sleeping core asks.
static int execution_priority(struct core *core, bool with_primask) {
  int result = 256;
  int running = highest(core->cortex_m.active, core->cortex_m.active, core);
  if (running) result = group(core, core->cortex_m.priority[running]);
  int base = get(core, UC_ARM_REG_BASEPRI) & core->cortex_m.priority_mask;
  if (base && group(core, base) < result) result = group(core, base);
  if (with_primask && (get(core, UC_ARM_REG_PRIMASK) & 1) && result > 0) result = 0;
  if ((get(core, UC_ARM_REG_FAULTMASK) & 1) && result > -1) result = -1;
  return result;
}

bool interrupt_pending(const struct core *core) {
  return highest(core->cortex_m.pending, core->cortex_m.enabled, core) != 0;
}

bool would_preempt(struct core *core, bool with_primask) {
  int number = highest(core->cortex_m.pending, core->cortex_m.enabled, core);
  return number && group(core, core->cortex_m.priority[number]) < execution_priority(core, with_primask);
}

// In NMI, in HardFault, or with FAULTMASK.
bool priority_is_negative(struct core *core) {
  return core->cortex_m.active[0] & (1 << NMI | 1 << HARD_FAULT) || get(core, UC_ARM_REG_FAULTMASK) & 1;
}

// Whether the handler of a fault has not returned.
bool in_fault(const struct core *core) {
  const uint64_t faults = 1 << HARD_FAULT | 1 << MEM_MANAGE | 1 << BUS_FAULT | 1 << USAGE_FAULT | 1 << DEBUG_MONITOR;
  return core->cortex_m.active[0] & faults;
}

// Unicorn works out afresh what the mode means for translations only when the flags are written this way.
static void renew_mode(struct core *core) { set(core, UC_ARM_REG_APSR_NZCV, get(core, UC_ARM_REG_APSR)); }

static bool push(struct core *core, uint32_t frame, bool floats, uint32_t return_address, uint32_t status) {
  uint8_t *host = host_address(core, frame, frame_size(floats));
  if (!host) return false;
  uint32_t words[SHORT_FRAME / 4];
  for (int i = 0; i < 6; i++) words[i] = get(core, STACKED[i]);
  words[6] = return_address;
  words[7] = status;
  memcpy(host, words, SHORT_FRAME);
  return true;
}

// PreserveFPState(). The register after FPSCR in the frame is reserved and keeps what was there.
void preserve_floats(struct core *core) {
  uint8_t *host = host_address(core, core->cortex_m.fpcar, LONG_FRAME - SHORT_FRAME);
  uint32_t words[17];
  for (int i = 0; i < 16; i++) words[i] = get(core, UC_ARM_REG_S0 + i);
  words[16] = get(core, UC_ARM_REG_FPSCR);
  if (host) memcpy(host, words, sizeof(words));
  core->cortex_m.fpccr &= ~FPCCR_LSPACT;
}

static bool may_stack(struct core *core, uint32_t frame, uint32_t size, bool privileged) {
  bool mixed;
  return protection(core, frame, 4, privileged, &mixed) & protection(core, frame + size - 4, 4, privileged, &mixed) &
         UC_PROT_WRITE;
}

// DerivedException(): the MPU lets nothing be stacked for exception `number`. The one that is to be entered, with a
// frame that was never written; an exception that has to wait for it stays pending.
static int derive(struct core *core, int number, uint32_t frame, uint32_t return_address) {
  bool enabled = bit(core->cortex_m.enabled, MEM_MANAGE);
  int derived = enabled ? MEM_MANAGE : HARD_FAULT;
  note_fault(core, (struct fault){MEM_MANAGE, return_address, MSTKERR, frame});
  core->cortex_m.cfsr |= MSTKERR;
  int priority = group(core, core->cortex_m.priority[derived]), of_other = group(core, core->cortex_m.priority[number]);
  if (priority > of_other || (priority == of_other && derived >= number)) {
    raise_bit(core->cortex_m.pending, derived);
    return number;
  }
  if (!enabled) core->cortex_m.hfsr |= HFSR_FORCED;
  if (number == SVCALL) raise_bit(core->cortex_m.pending, number);
  return derived;
}

// ExceptionEntry(): CONTINUE, NO_STACK or NO_HANDLER.
static int enter_exception(struct core *core, int number, uint32_t return_address) {
  uint32_t status = get(core, UC_ARM_REG_XPSR), control = get(core, UC_ARM_REG_CONTROL);
  bool handler_mode = status & 0x1FF, floats = control & 4;
  bool process_stack = !handler_mode && (control & 2);
  uint32_t stack = get(core, UC_ARM_REG_SP);  // by MSP or PSP unprivileged code would read 0
  uint32_t frame = stack - frame_size(floats);
  bool padded = (core->cortex_m.ccr & CCR_STKALIGN) && (frame & 4);
  frame &= padded ? ~4u : ~0u;
  if (!may_stack(core, frame, frame_size(floats), handler_mode || !(control & 1))) {
    number = derive(core, number, frame, return_address);
  } else if (!push(core, frame, floats, return_address, (status & ~(1u << 9)) | padded << 9)) {
    return NO_STACK;
  }
  set(core, UC_ARM_REG_SP, frame);
  if (floats) {
    core->cortex_m.fpcar = frame + SHORT_FRAME;
    core->cortex_m.fpccr |= FPCCR_LSPACT;
    if (!(core->cortex_m.fpccr & FPCCR_LSPEN)) {
      const uint32_t reserved = 0xBADCAFEE;  // as Renode leaves it; silicon writes nothing there
      preserve_floats(core);
      memcpy(host_address(core, frame + LONG_FRAME - 4, 4), &reserved, 4);
    }
  }

  uint32_t vector = 0;
  load_word(core, core->cortex_m.vector_table + 4 * number, &vector);
  if (!vector) {
    core->unhandled = number;
    return NO_HANDLER;
  }

  // Unicorn accepts CONTROL from privileged code only, and its stack bit from thread mode only.
  set(core, UC_ARM_REG_IPSR, number);
  if (control & 1) set(core, UC_ARM_REG_CONTROL, control & ~1u);
  if (!handler_mode) {
    set(core, UC_ARM_REG_IPSR, 0);
    set(core, UC_ARM_REG_CONTROL, 0);
    set(core, UC_ARM_REG_IPSR, number);
  }
  set(core, UC_ARM_REG_CONTROL, control & 1);
  set(core, UC_ARM_REG_EPSR, 1u << 24);
  set(core, UC_ARM_REG_LR, (floats ? 0xFFFFFFE1 : 0xFFFFFFF1) | (handler_mode ? 0 : 8) | (process_stack ? 4 : 0));
  set(core, UC_ARM_REG_PC, vector);
  core->running = number;
  if (core->calls) follow_handler(core, number);
  core->cycles += core->exception_entry;
  renew_mode(core);
  clear_bit(core->cortex_m.pending, number);
  raise_bit(core->cortex_m.active, number);
  core->next_sequential = 0;
  return CONTINUE;
}

// A synchronous exception: taken now, or escalated to HardFault; LOCKED_UP if that cannot be taken either.
int take_fault(struct core *core, int number, uint32_t status, uint32_t pc, uint32_t address) {
  note_fault(core, (struct fault){number, pc, status, address});
  core->cortex_m.cfsr |= status;
  int now = execution_priority(core, true);
  if (!bit(core->cortex_m.enabled, number) || group(core, core->cortex_m.priority[number]) >= now) {
    if (now <= -1) return LOCKED_UP;
    core->cortex_m.hfsr |= number == DEBUG_MONITOR ? HFSR_DEBUGEVT : HFSR_FORCED;
    number = HARD_FAULT;
  }
  return enter_exception(core, number, pc);
}

static bool valid_return(struct core *core, uint32_t value, int number) {
  uint32_t kind = value & 0xF;
  if ((value & 0xFFFFFFE0) != 0xFFFFFFE0 || !bit(core->cortex_m.active, number)) return false;
  int others = 0;
  for (int word = 0; word < WORDS; word++) others += __builtin_popcountll(core->cortex_m.active[word]);
  if (kind == 0x1) return others > 1;
  return (kind == 0x9 || kind == 0xD) && (others == 1 || (core->cortex_m.ccr & 1));
}

static void restore_mode(struct core *core, uint32_t number, uint32_t control) {
  set(core, UC_ARM_REG_CONTROL, 0);  // privileged while IPSR changes, so that all of CONTROL is accepted after
  set(core, UC_ARM_REG_IPSR, number);
  set(core, UC_ARM_REG_CONTROL, control);
}

// ExceptionReturn()
static int return_from_exception(struct core *core, uint32_t value) {
  int number = get(core, UC_ARM_REG_IPSR) & 0x1FF;
  if (!valid_return(core, value, number)) {
    clear_bit(core->cortex_m.active, number);
    set(core, UC_ARM_REG_LR, value);
    return take_fault(core, USAGE_FAULT, INVPC, value, 0);
  }
  bool floats = !(value & 0x10), process_stack = value & 4;
  int pointer = process_stack ? UC_ARM_REG_PSP : UC_ARM_REG_MSP;
  uint32_t frame = get(core, pointer), words[LONG_FRAME / 4], size = frame_size(floats);
  uint8_t *host = host_address(core, frame, size);
  if (!host) return NO_STACK;
  memcpy(words, host, size);
  if (number != NMI && execution_priority(core, false) > -2) set(core, UC_ARM_REG_FAULTMASK, 0);
  clear_bit(core->cortex_m.active, number);
  core->cycles += core->exception_return;
  if (core->calls) follow_handler_return(core);
  if (bit(core->cortex_m.level, number)) raise_bit(core->cortex_m.pending, number);

  set(core, pointer, frame + size + (words[7] & 1u << 9 ? 4 : 0));
  uint32_t control = get(core, UC_ARM_REG_CONTROL);
  core->running = words[7] & 0x1FF;
  restore_mode(core, core->running, (control & 1) | (process_stack ? 2 : 0) | (floats ? 4 : 0));
  for (int i = 0; i < 6; i++) set(core, STACKED[i], words[i]);
  if (floats && !(core->cortex_m.fpccr & FPCCR_LSPACT)) {
    for (int i = 0; i < 16; i++) set(core, UC_ARM_REG_S0 + i, words[8 + i]);
    set(core, UC_ARM_REG_FPSCR, words[24]);
  }
  if (floats) core->cortex_m.fpccr &= ~FPCCR_LSPACT;
  set(core, UC_ARM_REG_APSR_NZCVQG, words[7]);
  set(core, UC_ARM_REG_EPSR, (words[7] & 0x0600FC00) | 1u << 24);
  set(core, UC_ARM_REG_PC, words[6] | 1);
  renew_mode(core);
  core->next_sequential = 0;
  if (!(words[7] & 1u << 24)) return take_fault(core, USAGE_FAULT, INVSTATE, words[6], 0);
  if (core->running == 0 && (core->cortex_m.scr & SCR_SLEEPONEXIT)) return ASLEEP;
  return CONTINUE;
}

int take_pending(struct core *core) {
  if (!would_preempt(core, true)) return CONTINUE;
  return enter_exception(core, highest(core->cortex_m.pending, core->cortex_m.enabled, core), get(core, UC_ARM_REG_PC));
}

// BKPT 0xAB: Arm's semihosting, which a debugger answers.
static bool is_call_to_host(struct core *core, uint32_t pc) {
  const uint8_t *instruction = host_address(core, pc, 2);
  return instruction && halfword(instruction) == 0xBEAB;
}

// The host has answered: go on behind the call.
EXPORT void core_return_from_host(struct core *core) {
  core->architecture->go_to(core, get(core, core->architecture->pc) + 2);
}

// The outcome of a run that an exception of QEMU's ended.
int handle_exception_of_unicorn(struct core *core) {
  uint32_t pc = get(core, UC_ARM_REG_PC);
  switch (core->interrupt) {
    case QEMU_EXCEPTION_RETURN:
      return return_from_exception(core, pc | 1);
    case QEMU_SVC: {
      int now = execution_priority(core, true);
      if (group(core, core->cortex_m.priority[SVCALL]) < now) return enter_exception(core, SVCALL, pc);
      if (now <= -1) return LOCKED_UP;
      note_fault(core, (struct fault){SVCALL, pc, 0, 0});
      core->cortex_m.hfsr |= HFSR_FORCED;
      return enter_exception(core, HARD_FAULT, pc);
    }
    case QEMU_BREAKPOINT:
      if (core->hosted && is_call_to_host(core, pc)) return HOSTED;
      return take_fault(core, DEBUG_MONITOR, 0, pc, 0);
    case QEMU_NO_COPROCESSOR: {
      const uint8_t *instruction = host_address(core, pc, 4);
      return take_fault(core, USAGE_FAULT, NOCP, pc, instruction ? instruction[3] & 0xF : 0);
    }
    case QEMU_INVALID_STATE:
      return take_fault(core, USAGE_FAULT, INVSTATE, pc, 0);
    case QEMU_UNDEFINED:
      return take_fault(core, USAGE_FAULT, UNDEFINSTR, pc, 0);
    case QEMU_DATA_ABORT:  // Unicorn asks for alignment itself where LDREX and LDREXH do
      cut_block(core, pc);
      core->count++;
      return take_fault(core, USAGE_FAULT, UNALIGNED, pc, 0);
    default:
      core->unicorn_error = 1000 + core->interrupt;
      return BROKEN;
  }
}
