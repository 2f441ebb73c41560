// The core of the built-in engine: Unicorn executes instructions, this file
// counts them, keeps the deadline and takes exceptions. Python keeps virtual
// time and the devices; it sees `struct core` as it is
// (lab/engines/builtin/shim.py declares the same fields). Everything here is
// for Armv7-M (ARM DDI 0403E); page numbers of the manual are not given, names
// of its pseudocode are.
//
// Counting: a hook at the start of every translated block adds the number of
// instructions in it. The hook runs before the block and can stop there, so
// that `count` never passes `deadline`; the block in which the deadline lies is
// executed in part by a second Unicorn instance on the same memory, up to the
// exact instruction.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>

#define EXPORT __attribute__((visibility("default")))

enum { MEMORIES = 16, DEVICES = 64, EXCEPTIONS = 256, WORDS = EXCEPTIONS / 64, TRACE = 64, PAGE = 1024 };

// Exception numbers.
enum { NMI = 2, HARD_FAULT = 3, MEM_MANAGE = 4, BUS_FAULT = 5, USAGE_FAULT = 6, SVCALL = 11, DEBUG_MONITOR = 12 };

// Configurable fault status bits, HardFault status bits, CCR bits.
enum {
  IACCVIOL = 1 << 0,
  IBUSERR = 1 << 8,
  PRECISERR = 1 << 9,
  BFARVALID = 1 << 15,
  UNDEFINSTR = 1 << 16,
  INVSTATE = 1 << 17,
  INVPC = 1 << 18,
  NOCP = 1 << 19,
  HFSR_VECTTBL = 1 << 1,
  HFSR_FORCED = 1 << 30,
  HFSR_DEBUGEVT = 1u << 31,
  SCR_SLEEPONEXIT = 1 << 1,
  CCR_STKALIGN = 1 << 9,
};

// Unicorn's (QEMU's) interrupt numbers for M-profile cores.
enum { QEMU_SVC = 2, QEMU_BREAKPOINT = 7, QEMU_EXCEPTION_RETURN = 8, QEMU_NO_COPROCESSOR = 17 };

// What a block may need besides counting.
enum { WATCHED = 1, UNMASKS = 2, FLOATS = 4, SLEEPS = 8 };

// Why core_run returned.
enum { AT_DEADLINE, AT_SLICE, STOPPED, LOCKED_UP, NO_STACK, BROKEN };

// How a stretch of execution ended when core_run goes on.
enum { CONTINUE = -1, HELD = -2, ASLEEP = -3 };

struct block {
  uint16_t size;  // bytes; 0 before the first visit
  uint16_t instructions;
  uint16_t cycles;
  uint16_t flags;
};

struct memory {
  uint32_t base, size;
  uint8_t *bytes;
  struct block *blocks;  // one for each halfword
  uint8_t *executed;     // one for each page: code was fetched from it
  bool stored;           // the core has stored to it, and so may have changed code
};

struct window {
  struct core *core;
  uint32_t base, size;
};

struct visit {
  uint32_t address, repeats;
};

struct mark {
  uint32_t address, argument;
  uint64_t count, skipped, cycles;
};

struct fault {
  uint32_t exception, pc, status, address;
};

typedef uint64_t (*read_callback)(uint32_t address, uint32_t size);
typedef void (*write_callback)(uint32_t address, uint32_t size, uint64_t value);
typedef uint32_t (*cost_callback)(uint32_t address, uint32_t size);

struct core {
  // Read and written by Python.
  uint64_t count;  // instructions executed, and those skipped while asleep
  uint64_t skipped;
  uint64_t cycles;
  uint64_t synchronised;    // count at the last synchronisation of time
  uint64_t deadline;        // never executed past
  uint64_t slice;           // returns at the first block start past it
  uint64_t quantum;         // grid of wake-ups from a sleep with a masked interrupt pending
  volatile uint64_t limit;  // min(deadline, slice) while blocks run; 0 asks for
                            // attention before the next block
  uint64_t pending[WORDS], enabled[WORDS], active[WORDS], level[WORDS];
  int16_t priority[EXCEPTIONS];
  uint32_t vector_table, group_mask, scr, ccr, cpacr, cfsr, hfsr, mmfar, bfar, fpcar, fpdscr;
  uint32_t branch_penalty;
  uint32_t stop;
  uint32_t sleeping;
  uint32_t next_sequential;  // the block that follows without a branch
  uint32_t running;          // number of the exception in handling (IPSR), 0 in thread mode
  uint32_t marks_used, marks_room;
  struct mark *marks;
  struct visit trace[TRACE];
  uint32_t trace_next;
  uint32_t unicorn_error;
  struct fault last_fault;
  read_callback read;
  write_callback write;
  cost_callback cost;

  // For this file alone.
  uc_engine *machine, *stepper;
  uc_engine *engine;        // the one of the two that is running
  uc_context *context;      // on the way between the two
  uc_context *pristine[2];  // of each after power-on; a context has pointers
                            // into the engine it comes from
  struct memory memories[MEMORIES];
  uint32_t memory_count;
  struct window devices[DEVICES];
  uint32_t device_count;
  uint32_t current_block, current_size;
  uint64_t block_start;  // count and cycles before the current block
  uint64_t cycles_before;
  uint32_t flag_mask;
  bool stale;  // translations must be dropped before the next block
  bool held;   // the hook stopped before a block
  uint32_t step_until;
  int interrupt;  // Unicorn's number, or -1
  uint32_t missed_address;
  int missed_type;
  bool missed;
};

// Registers

static uint32_t get(struct core *core, int name) {
  uint32_t value = 0;
  uc_reg_read(core->engine, name, &value);
  return value;
}

static void set(struct core *core, int name, uint32_t value) { uc_reg_write(core->engine, name, &value); }

// Memory

static struct memory *memory_at(struct core *core, uint32_t address) {
  for (uint32_t i = 0; i < core->memory_count; i++) {
    if (address - core->memories[i].base < core->memories[i].size) return &core->memories[i];
  }
  return NULL;
}

static uint8_t *host_address(struct core *core, uint32_t address, uint32_t size) {
  struct memory *memory = memory_at(core, address);
  if (!memory || memory->size - (address - memory->base) < size) return NULL;
  return memory->bytes + (address - memory->base);
}

static bool load_word(struct core *core, uint32_t address, uint32_t *value) {
  uint8_t *host = host_address(core, address, 4);
  if (host) memcpy(value, host, 4);
  return host != NULL;
}

static bool is_device(struct core *core, uint32_t address) {
  for (uint32_t i = 0; i < core->device_count; i++) {
    if (address - core->devices[i].base < core->devices[i].size) return true;
  }
  return false;
}

// Memory that was never executed is mapped without the right to execute: stores
// to it then take QEMU's fast path.
static bool fill_tlb(uc_engine *engine, uint64_t address, uc_mem_type type, uc_tlb_entry *entry, void *data) {
  struct core *core = data;
  bool fetch = type == UC_MEM_FETCH;
  struct memory *memory = memory_at(core, address);
  if (!memory && (fetch || !is_device(core, address))) {
    core->missed = true;
    core->missed_address = address;
    core->missed_type = type;
    return false;
  }
  entry->paddr = address;
  entry->perms = UC_PROT_READ | UC_PROT_WRITE;
  if (memory) {
    uint8_t *executed = &memory->executed[(address - memory->base) / PAGE];
    *executed |= fetch;
    memory->stored |= type == UC_MEM_WRITE;
    if (*executed) entry->perms |= UC_PROT_EXEC;
  }
  if (!fetch) {
    // Unicorn has put the IT state of this instruction into the registers, but
    // within a block it must be empty there.
    uint32_t no_it = 1u << 24;
    uc_reg_write(engine, UC_ARM_REG_EPSR, &no_it);
  }
  return true;
}

static uint64_t read_device(uc_engine *engine, uint64_t offset, unsigned size, void *data) {
  (void)engine;
  const struct window *window = data;
  return window->core->read(window->base + offset, size);
}

static void write_device(uc_engine *engine, uint64_t offset, unsigned size, uint64_t value, void *data) {
  (void)engine;
  const struct window *window = data;
  window->core->write(window->base + offset, size, value);
}

// Blocks

static uint32_t halfword(const uint8_t *bytes) { return bytes[0] | bytes[1] << 8; }
static uint32_t length(uint32_t first) { return (first >> 11) >= 0x1D ? 4 : 2; }

static bool is_float(const uint8_t *bytes) {
  return length(halfword(bytes)) == 4 && (bytes[1] & 0xEC) == 0xEC && (bytes[3] & 0x0E) == 0x0A;
}

// CPS and MSR end a block and may let a pending exception through.
static bool may_unmask(const uint8_t *bytes) {
  uint32_t first = halfword(bytes);
  return (first & 0xFFE8) == 0xB660 || (first & 0xFFE0) == 0xF380;
}

static bool sleeps(const uint8_t *bytes) {
  return halfword(bytes) == 0xBF30 || (halfword(bytes) == 0xF3AF && halfword(bytes + 2) == 0x8003);
}

// WFE and YIELD, which Unicorn takes for invalid. WFE may wake at once, as it
// does here.
static bool is_hint(const uint8_t *bytes) { return bytes && (halfword(bytes) == 0xBF20 || halfword(bytes) == 0xBF10); }

static void decode(struct core *core, const struct memory *memory, struct block *block, uint32_t address,
                   uint32_t size) {
  const uint8_t *bytes = memory->bytes + (address - memory->base), *end = bytes + size, *last = bytes;
  uint16_t kept = block->flags & WATCHED;
  block->size = size;
  block->instructions = 0;
  block->flags = kept;
  for (const uint8_t *at = bytes; at < end; at += length(halfword(at))) {
    block->instructions++;
    if (is_float(at)) block->flags |= FLOATS;
    last = at;
  }
  if (may_unmask(last)) block->flags |= UNMASKS;
  if (sleeps(last)) block->flags |= SLEEPS;
  block->cycles = core->cost(address, size);
}

static void mark(struct core *core, uint32_t address) {
  if (core->marks_used == core->marks_room) {
    core->marks_room = core->marks_room ? 2 * core->marks_room : 256;
    core->marks = realloc(core->marks, core->marks_room * sizeof *core->marks);
  }
  core->marks[core->marks_used++] =
      (struct mark){address, get(core, UC_ARM_REG_R0), core->count, core->skipped, core->cycles};
}

static void remember(struct core *core, uint32_t address) {
  struct visit *last = &core->trace[(core->trace_next - 1) % TRACE];
  if (last->address == address) {
    last->repeats++;
  } else {
    core->trace[core->trace_next++ % TRACE] = (struct visit){address, 1};
  }
}

static struct block *block_at(struct core *core, uint32_t address, uint32_t size) {
  struct memory *memory = memory_at(core, address);
  if (!memory) return NULL;
  struct block *block = &memory->blocks[(address - memory->base) / 2];
  if (block->size != size) decode(core, memory, block, address, size);
  return block;
}

static void hold(struct core *core) {
  core->held = true;
  uc_emu_stop(core->engine);
}

static void enter_block(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
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

// The current block ended before `pc`: take back what was counted for the rest
// of it.
static void cut_block(struct core *core, uint32_t pc) {
  core->count = core->block_start + instructions_before(core, pc);
  core->cycles = core->cycles_before + core->cost(core->current_block, pc - core->current_block);
  core->next_sequential = pc;
}

static bool is_barrier(const uint8_t *bytes) {
  return halfword(bytes) == 0xF3BF && bytes[3] == 0x8F && (bytes[2] >> 4 == 4 || bytes[2] >> 4 == 5);
}

// The instruction after a DSB or DMB. These end a block in Renode: time is
// synchronised there, and an exception that a store before raised is taken.
static void pass_barrier(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
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
static void pass_step(uc_engine *engine, uint64_t address, uint32_t size, void *data) {
  struct core *core = data;
  pass_barrier(engine, address, size, data);
  if (address >= core->step_until && !core->held) hold(core);
}

static void take_interrupt(uc_engine *engine, uint32_t number, void *data) {
  struct core *core = data;
  core->interrupt = number;
  uc_emu_stop(engine);
}

// Exceptions

static int highest(const uint64_t *a, const uint64_t *b, const struct core *core) {
  int best = 0;
  for (int word = 0; word < WORDS; word++) {
    for (uint64_t bits = a[word] & b[word]; bits; bits &= bits - 1) {
      int number = 64 * word + __builtin_ctzll(bits);
      if (!best || core->priority[number] < core->priority[best]) best = number;
    }
  }
  return best;
}

static bool bit(const uint64_t *set, int number) { return set[number / 64] >> (number % 64) & 1; }
static void raise_bit(uint64_t *set, int number) { set[number / 64] |= 1ull << (number % 64); }
static void clear_bit(uint64_t *set, int number) { set[number / 64] &= ~(1ull << (number % 64)); }

static int group(const struct core *core, int priority) {
  return priority < 0 ? priority : priority & (int)core->group_mask;
}

// ExecutionPriority(), with PRIMASK left out where a sleeping core asks.
static int execution_priority(struct core *core, bool with_primask) {
  int result = 256;
  int running = highest(core->active, core->active, core);
  if (running) result = group(core, core->priority[running]);
  int base = group(core, get(core, UC_ARM_REG_BASEPRI));
  if (base && base < result) result = base;
  if (with_primask && (get(core, UC_ARM_REG_PRIMASK) & 1) && result > 0) result = 0;
  if ((get(core, UC_ARM_REG_FAULTMASK) & 1) && result > -1) result = -1;
  return result;
}

static bool would_preempt(struct core *core, bool with_primask) {
  int number = highest(core->pending, core->enabled, core);
  return number && group(core, core->priority[number]) < execution_priority(core, with_primask);
}

static bool push(struct core *core, uint32_t frame, bool floats, uint32_t return_address, uint32_t status) {
  static const int names[] = {UC_ARM_REG_R0, UC_ARM_REG_R1,  UC_ARM_REG_R2,
                              UC_ARM_REG_R3, UC_ARM_REG_R12, UC_ARM_REG_LR};
  uint8_t *host = host_address(core, frame, floats ? 0x68 : 0x20);
  if (!host) return false;
  uint32_t words[26];
  for (int i = 0; i < 6; i++) words[i] = get(core, names[i]);
  words[6] = return_address;
  words[7] = status;
  if (floats) {
    for (int i = 0; i < 16; i++) words[8 + i] = get(core, UC_ARM_REG_S0 + i);
    words[24] = get(core, UC_ARM_REG_FPSCR);
    words[25] = 0;
  }
  memcpy(host, words, floats ? 0x68 : 0x20);
  return true;
}

// ExceptionEntry(): returns false if the stack is not in memory or there is no
// handler.
static void renew_mode(struct core *core);

static int enter_exception(struct core *core, int number, uint32_t return_address) {
  uint32_t status = get(core, UC_ARM_REG_XPSR), control = get(core, UC_ARM_REG_CONTROL);
  bool handler_mode = status & 0x1FF, floats = control & 4;
  bool process_stack = !handler_mode && (control & 2);
  uint32_t stack = get(core, UC_ARM_REG_SP);  // by MSP or PSP unprivileged code would read 0
  uint32_t frame = stack - (floats ? 0x68 : 0x20);
  bool padded = (core->ccr & CCR_STKALIGN) && (frame & 4);
  frame &= padded ? ~4u : ~0u;
  if (!push(core, frame, floats, return_address, (status & ~(1u << 9)) | padded << 9)) return NO_STACK;
  set(core, UC_ARM_REG_SP, frame);
  if (floats) core->fpcar = frame + 0x20;

  uint32_t vector = 0;
  load_word(core, core->vector_table + 4 * number, &vector);
  if (!vector) return LOCKED_UP;

  // Unicorn accepts CONTROL from privileged code only, and its stack bit from
  // thread mode only.
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
  renew_mode(core);
  clear_bit(core->pending, number);
  raise_bit(core->active, number);
  core->next_sequential = 0;
  return CONTINUE;
}

// A synchronous exception: taken now, or escalated to HardFault; LOCKED_UP if
// that cannot be taken either.
static int take_fault(struct core *core, int number, uint32_t status, uint32_t pc, uint32_t address) {
  core->last_fault = (struct fault){number, pc, status, address};
  core->cfsr |= status;
  int now = execution_priority(core, true);
  if (!bit(core->enabled, number) || group(core, core->priority[number]) >= now) {
    if (now <= -1) return LOCKED_UP;
    core->hfsr |= number == DEBUG_MONITOR ? HFSR_DEBUGEVT : HFSR_FORCED;
    number = HARD_FAULT;
  }
  return enter_exception(core, number, pc);
}

static bool valid_return(struct core *core, uint32_t value, int number) {
  uint32_t kind = value & 0xF;
  if ((value & 0xFFFFFFE0) != 0xFFFFFFE0 || !bit(core->active, number)) return false;
  int others = 0;
  for (int word = 0; word < WORDS; word++) others += __builtin_popcountll(core->active[word]);
  if (kind == 0x1) return others > 1;
  return (kind == 0x9 || kind == 0xD) && (others == 1 || (core->ccr & 1));
}

// Unicorn works out afresh what the mode means for translations only when the
// flags are written this way.
static void renew_mode(struct core *core) { set(core, UC_ARM_REG_APSR_NZCV, get(core, UC_ARM_REG_APSR)); }

static void restore_mode(struct core *core, uint32_t number, uint32_t control) {
  set(core, UC_ARM_REG_CONTROL, 0);  // privileged while IPSR changes, so that
                                     // the whole of CONTROL is accepted after
  set(core, UC_ARM_REG_IPSR, number);
  set(core, UC_ARM_REG_CONTROL, control);
}

// ExceptionReturn()
static int return_from_exception(struct core *core, uint32_t value) {
  static const int names[] = {UC_ARM_REG_R0, UC_ARM_REG_R1,  UC_ARM_REG_R2,
                              UC_ARM_REG_R3, UC_ARM_REG_R12, UC_ARM_REG_LR};
  int number = get(core, UC_ARM_REG_IPSR) & 0x1FF;
  if (!valid_return(core, value, number)) {
    clear_bit(core->active, number);
    set(core, UC_ARM_REG_LR, value);
    return take_fault(core, USAGE_FAULT, INVPC, value, 0);
  }
  bool floats = !(value & 0x10), process_stack = value & 4;
  int pointer = process_stack ? UC_ARM_REG_PSP : UC_ARM_REG_MSP;
  uint32_t frame = get(core, pointer), words[26], size = floats ? 0x68 : 0x20;
  uint8_t *host = host_address(core, frame, size);
  if (!host) return NO_STACK;
  memcpy(words, host, size);
  if (number != NMI && execution_priority(core, false) > -2) set(core, UC_ARM_REG_FAULTMASK, 0);
  clear_bit(core->active, number);
  if (bit(core->level, number)) raise_bit(core->pending, number);

  set(core, pointer, frame + size + (words[7] & 1u << 9 ? 4 : 0));
  uint32_t control = get(core, UC_ARM_REG_CONTROL);
  core->running = words[7] & 0x1FF;
  restore_mode(core, core->running, (control & 1) | (process_stack ? 2 : 0) | (floats ? 4 : 0));
  for (int i = 0; i < 6; i++) set(core, names[i], words[i]);
  if (floats) {
    for (int i = 0; i < 16; i++) set(core, UC_ARM_REG_S0 + i, words[8 + i]);
    set(core, UC_ARM_REG_FPSCR, words[24]);
  }
  set(core, UC_ARM_REG_APSR_NZCVQG, words[7]);
  set(core, UC_ARM_REG_EPSR, (words[7] & 0x0600FC00) | 1u << 24);
  set(core, UC_ARM_REG_PC, words[6] | 1);
  renew_mode(core);
  core->next_sequential = 0;
  if (!(words[7] & 1u << 24)) return take_fault(core, USAGE_FAULT, INVSTATE, words[6], 0);
  if (core->running == 0 && (core->scr & SCR_SLEEPONEXIT)) return ASLEEP;
  return CONTINUE;
}

static int arbitrate(struct core *core) {
  if (!would_preempt(core, true)) return CONTINUE;
  return enter_exception(core, highest(core->pending, core->enabled, core), get(core, UC_ARM_REG_PC));
}

// Running

// The outcome of a run that an exception of QEMU's ended.
static int handle_interrupt(struct core *core) {
  uint32_t pc = get(core, UC_ARM_REG_PC);
  switch (core->interrupt) {
    case QEMU_EXCEPTION_RETURN:
      return return_from_exception(core, pc | 1);
    case QEMU_SVC: {
      int now = execution_priority(core, true);
      if (group(core, core->priority[SVCALL]) < now) return enter_exception(core, SVCALL, pc);
      if (now <= -1) return LOCKED_UP;
      core->last_fault = (struct fault){SVCALL, pc, 0, 0};
      core->hfsr |= HFSR_FORCED;
      return enter_exception(core, HARD_FAULT, pc);
    }
    case QEMU_BREAKPOINT:
      return take_fault(core, DEBUG_MONITOR, 0, pc, 0);
    default:
      core->unicorn_error = 1000 + core->interrupt;
      return BROKEN;
  }
}

static int handle_error(struct core *core, uc_err error) {
  uint32_t pc = get(core, UC_ARM_REG_PC), address = core->missed_address;
  if (core->missed && core->missed_type == UC_MEM_FETCH) {
    bool execute_never = address >> 29 == 2 || address >= 0xE0000000;
    return take_fault(core, execute_never ? MEM_MANAGE : BUS_FAULT, execute_never ? IACCVIOL : IBUSERR, pc, 0);
  }
  if (core->missed) {
    cut_block(core, pc);
    core->bfar = address;
    return take_fault(core, BUS_FAULT, PRECISERR | BFARVALID, pc, address);
  }
  if (error == UC_ERR_INSN_INVALID) {
    if (is_hint(host_address(core, pc - 2, 2))) return CONTINUE;
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

// Whether the instruction at `until` is in an IT block that began at or before
// `from`, in the same basic block.
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

// Run the stepper from the block's start to `until`. Its translations call
// `pass_step` at every instruction, which can stop there, and so serve for any
// `until`; save within an IT block, where Unicorn does not stop, and where a
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

// Execute `steps` instructions of the block at which the hook held, fewer than
// it has.
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

// The hook held before a block: it asks for attention, or the deadline, the
// slice's end or a fault lies in the block.
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

// Asleep in WFI. Renode's quirk: an interrupt that PRIMASK holds back wakes the
// core only at the next clock entry or at the end of the quantum.
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

EXPORT struct core *core_new(const char **problem) {
  struct core *core = calloc(1, sizeof *core);
  uc_hook hook;
  uc_engine **engines[] = {&core->machine, &core->stepper};
  for (int i = 0; i < 2; i++) {
    uc_engine **engine = engines[i];
    uc_err error = uc_open(UC_ARCH_ARM, UC_MODE_THUMB, engine);
    if (!error) error = uc_ctl_set_cpu_model(*engine, UC_CPU_ARM_CORTEX_M4);
    if (!error) error = uc_ctl_tlb_mode(*engine, UC_TLB_VIRTUAL);
    if (!error) error = uc_hook_add(*engine, &hook, UC_HOOK_TLB_FILL, fill_tlb, core, 1, 0);
    if (!error) error = uc_hook_add(*engine, &hook, UC_HOOK_INTR, take_interrupt, core, 1, 0);
    if (error) {
      *problem = uc_strerror(error);
      return NULL;
    }
    uc_ctl_exits_enable(*engine);  // and none is ever set in the first: its hook
                                   // alone ends a run
    uc_context_alloc(*engine, &core->pristine[i]);
    uc_context_save(*engine, core->pristine[i]);
  }
  uc_hook_add(core->machine, &hook, UC_HOOK_BLOCK, enter_block, core, 1, 0);
  uc_hook_add(core->stepper, &hook, UC_HOOK_CODE, pass_step, core, 1, 0);
  uc_context_alloc(core->machine, &core->context);
  core->quantum = 1;
  core->engine = core->machine;
  return core;
}

EXPORT bool core_add_memory(struct core *core, uint32_t base, uint32_t size) {
  if (core->memory_count == MEMORIES) return false;
  struct memory *memory = &core->memories[core->memory_count];
  *memory = (struct memory){base, size, aligned_alloc(4096, size), calloc(size / 2, sizeof(struct block)),
                            calloc(size / PAGE, 1)};
  memset(memory->bytes, 0, size);
  if (uc_mem_map_ptr(core->machine, base, size, UC_PROT_ALL, memory->bytes)) return false;
  if (uc_mem_map_ptr(core->stepper, base, size, UC_PROT_ALL, memory->bytes)) return false;
  core->memory_count++;
  return true;
}

EXPORT bool core_add_device(struct core *core, uint32_t base, uint32_t size) {
  if (core->device_count == DEVICES) return false;
  struct window *window = &core->devices[core->device_count++];
  *window = (struct window){core, base, size};
  return !uc_mmio_map(core->machine, base, size, read_device, window, write_device, window) &&
         !uc_mmio_map(core->stepper, base, size, read_device, window, write_device, window);
}

EXPORT void core_reset(struct core *core) {
  uint32_t stack = 0, entry = 0;
  uc_context_restore(core->machine, core->pristine[0]);
  core->running = core->sleeping = core->next_sequential = 0;
  load_word(core, core->vector_table, &stack);
  load_word(core, core->vector_table + 4, &entry);
  set(core, UC_ARM_REG_MSP, stack);
  set(core, UC_ARM_REG_LR, 0xFFFFFFFF);
  set(core, UC_ARM_REG_PC, entry);
}

// Write memory from outside the core; translations of code that changes are
// dropped before it runs on.
EXPORT bool core_write(struct core *core, uint32_t address, const uint8_t *data, uint32_t size) {
  uint8_t *host = host_address(core, address, size);
  if (!host) return false;
  struct memory *memory = memory_at(core, address);
  uint32_t offset = address - memory->base;
  for (uint32_t at = 0, part; at < size; at += part) {
    uint32_t page = (offset + at) / PAGE, room = (page + 1) * PAGE - (offset + at);
    part = size - at < room ? size - at : room;
    if (memory->executed[page] && memcmp(host + at, data + at, part)) {
      for (uint32_t i = page * PAGE / 2; i < (page + 1) * PAGE / 2; i++) {
        memory->blocks[i] = (struct block){.flags = memory->blocks[i].flags & WATCHED};
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

EXPORT uint32_t core_register(struct core *core, int name) { return get(core, name); }

EXPORT uc_context *core_save(struct core *core) {
  uc_context *context;
  if (uc_context_alloc(core->machine, &context)) return NULL;
  uc_context_save(core->machine, context);
  return context;
}

EXPORT void core_restore(struct core *core, uc_context *context) { uc_context_restore(core->machine, context); }
EXPORT void core_drop(uc_context *context) { uc_context_free(context); }

EXPORT void core_free(struct core *core) {
  uc_engine *engines[] = {core->machine, core->stepper};
  for (int i = 0; i < 2; i++) {
    uc_context_restore(engines[i], core->pristine[i]);
    uc_close(engines[i]);
    uc_context_free(core->pristine[i]);
  }
  uc_context_free(core->context);
  for (uint32_t i = 0; i < core->memory_count; i++) {
    free(core->memories[i].bytes);
    free(core->memories[i].blocks);
    free(core->memories[i].executed);
  }
  free(core->marks);
  free(core);
}
