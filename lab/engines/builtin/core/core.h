// The core of the built-in engine: Unicorn executes instructions; these files count them, keep the deadline and take
// exceptions. Python keeps virtual time and the devices; it sees the first part of `struct core` as it is
// (lab/engines/builtin/shim.py declares the same fields).
//
// What all cores share is here, in core.c, memory.c, blocks.c and run.c; what makes a core of an instruction set is
// behind `struct architecture`: cortex_m*.c and riscv*.c.
//
// Counting: a hook at the start of every translated block adds the number of instructions in it. The hook runs before
// the block and can stop there, so that `count` never passes `deadline`; the block in which the deadline lies is
// executed in part by a second Unicorn instance on the same memory, up to the exact instruction.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unicorn/unicorn.h>

#include "calls.h"
#include "cortex_m.h"
#include "debugger.h"
#include "memories.h"
#include "riscv.h"

#define EXPORT __attribute__((visibility("default")))

enum { WINDOWS = 256, DEVICES = 256, TRACE = 64, ACCESSES = 8, ANSWERS = 32, COUNTERS = 8, COSTS = 64 };

// What a block may need besides counting. WATCHED is the lab's; the others are the architecture's to give: UNMASKS
// may let a pending interrupt through at its end; FOREIGN, ABSENT, ROUNDED and ACCESS have an instruction that Unicorn
// must not execute, or not without a look. ALIGNED << n stands for ACCESS in a block: register n must be a multiple of
// 4 where it begins. A debugger's needs are TRAPPED, for a breakpoint in the block, and EVERY, which all blocks have.
// The others are no needs: HOOKED belongs to the instruction at that place, which a hook looks at each time; Unicorn
// has SEEN the block with the size that is kept; SPLIT is an IT block of which only a part is in it.
enum { WATCHED = 1, UNMASKS = 2, FOREIGN = 4, ABSENT = 8, ROUNDED = 16, ACCESS = 32, HOOKED = 64, ALIGNED = 1 << 16 };
enum { TRAPPED = 1 << 7, EVERY = 1 << 8, SEEN = 1 << 9, SPLIT = 1 << 10 };
enum { ALL_ALIGNED = 0x7FFF0000, SINGLED_OUT = ALL_ALIGNED | FOREIGN | ABSENT | ROUNDED };

// Why core_run returned.
enum {
  AT_DEADLINE,
  AT_SLICE,
  STOPPED,
  LOCKED_UP,
  NO_HANDLER,
  NO_STACK,
  BROKEN,
  UNANSWERED,
  NO_ROOM,
  FAULTED,
  ABANDONED,
  HOSTED
};

// What the stepper executes: a part of a block, a whole one, or block after block.
enum { A_PART, ONE_BLOCK, SEVERAL };

// How a stretch of execution ended when core_run goes on.
enum { CONTINUE = -1, HELD = -2, ASLEEP = -3 };

// What went wrong with an instruction.
enum trouble {
  FETCH_FROM_NOTHING,
  LOAD_FROM_NOTHING,
  STORE_TO_NOTHING,
  INVALID_INSTRUCTION,
  MISALIGNED,
  FETCH_DENIED,
  ACCESS_DENIED
};

struct block {
  uint16_t size;  // bytes; 0 before the first visit
  uint16_t instructions;
  uint32_t cycles;  // in parts
  uint32_t flags;
  uint16_t unaligned;  // bit n: register n may be no multiple of 4 at the end although it was at the beginning
};

// Where a memory appears to the core. A memory at several addresses has a window for each; they share everything, and
// Unicorn knows it by the first window's addresses alone.
struct window {
  uint32_t base, size;
  uint32_t home;  // the first window's base
  uint8_t *bytes;
  struct block *blocks;  // one for each halfword
  uint8_t *executed;     // one for each page of Unicorn's TLB: code was fetched from it
  bool *stored;          // the core has stored to it, and so may have changed code
};

struct device {
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

// A device's register, how often the present run has read or written it, and the block that did so last.
struct access {
  uint32_t address, writes, times, block;
};

struct fault {
  uint32_t exception, pc, status, address;
};

// A counter of virtual time, which a write to `trigger` with `mask` latches and two registers then tell, in halves.
// Firmware that waits for a time does that over and over: it is answered here. `state` is what `trigger` reads.
struct counter {
  uint32_t trigger, mask, low_at, high_at;
  uint32_t state, latched, low, high;  // `latched`: the state after it was
  uint32_t multiplier, divisor;        // ticks are so many, divided by so many, a nanosecond
  uint32_t runs, reserved;
  uint64_t counted, since_ns;
};

// What a register reads as long as Python has not acted again.
struct answer {
  uint32_t address, size;
  uint64_t epoch, value;
};

// The cost model's word on an instruction, or on a few that are as short together: cycles in parts.
struct cost {
  uint32_t encoding, size, cycles;
};

typedef uint64_t (*read_callback)(uint32_t address, uint32_t size);
typedef void (*write_callback)(uint32_t address, uint32_t size, uint64_t value);
typedef uint32_t (*cost_callback)(uint32_t address, uint32_t size);

struct core {
  // State that Python reads and writes. A snapshot copies it up to `marks_used`.
  uint64_t count;  // instructions executed, and those skipped while asleep
  uint64_t skipped;
  uint64_t cycles;          // in parts
  uint64_t synchronised;    // count at the last synchronisation of time
  uint64_t deadline;        // never executed past
  uint64_t slice;           // core_run returns at the first block start past it
  uint64_t quantum;         // grid of wake-ups from a sleep with a masked interrupt pending
  volatile uint64_t limit;  // min(deadline, slice) while blocks run; 0 asks for attention before the next block
  union {
    struct cortex_m cortex_m;
    struct riscv riscv;
  };
  uint32_t branch_penalty;   // parts, as are
  uint32_t exception_entry;  // what an exception takes, and
  uint32_t exception_return;
  uint32_t stop;  // core_run returns before the next block
  uint32_t sleeping;
  uint32_t next_sequential;  // the block that follows without a branch
  uint32_t running;          // what is being handled, as the architecture numbers it; 0 outside of handlers
  uint32_t unhandled;        // exception that has no vector, after NO_HANDLER
  struct fault first_fault;  // of those whose handlers have not returned, and
  struct fault last_fault;
  struct visit trace[TRACE];
  uint32_t trace_next;
  struct visit fault_trace[TRACE];  // as `trace` was at the last fault: its handler runs on
  uint32_t fault_trace_next;
  struct counter counters[COUNTERS];
  uint32_t counter_count;
  uint32_t grid_instructions, grid_ns;  // time goes on by so much at once
  uint32_t marks_used, marks_room;
  struct mark *marks;
  uint32_t unicorn_error;
  uint32_t answered;  // a callback sets it when it is done; Python may end one before its first line
  uint32_t steady;    // and this one, if a register reads the same until Python acts again
  uint32_t failure;   // UNANSWERED or NO_ROOM: what has happened is not known, and the core never runs again
  uint32_t hosted;    // a call by semihosting ends core_run with HOSTED, and is no fault
  struct access accesses[ACCESSES];  // the last ones, each register once
  uint32_t accesses_next;
  read_callback read;
  write_callback write;
  cost_callback cost;

  // For these files alone.
  const struct architecture *architecture;
  uc_engine *machine, *stepper;
  uc_engine *engine;        // the one of the two that is running
  uc_context *context;      // on the way between the two
  uc_context *pristine[2];  // of each after power-on; a context has pointers into the engine it comes from
  struct window windows[WINDOWS];
  uint32_t window_count;
  struct window *code;        // the one that the last block was in
  struct calls *calls;        // NULL unless they are followed
  struct debugger *debugger;  // NULL unless there is one
  struct watch *watch;        // NULL unless memories are watched
  struct device devices[DEVICES];
  uint32_t device_count;
  struct answer answers[ANSWERS];
  struct cost costs[COSTS];
  uint64_t epoch;  // goes on whenever Python acts: all earlier answers are void
  uint32_t current_block, current_size;
  uint64_t block_start,
      cycles_before;   // count and cycles before the current block
  uint32_t attention;  // flags that matter to the hook now
  uint32_t concern;    // those for which the block is not executed as a whole
  bool stale;          // translations must be dropped before the next block
  bool outdated;       // the current block's translation must be
  bool held;           // a hook stopped before an instruction
  int interrupt;       // Unicorn's number, or -1
  bool missed;         // an access found neither memory nor device, or
  bool denied;         // is against the rules of memory protection
  bool lenient;        // let such an access through to Unicorn, which then tells its exact address
  uint32_t missed_address;
  int missed_type;
  struct mpu known_mpu;   // the registers that the TLBs were filled by
  bool unprotected;       // execution has a priority at which the MPU does not count
  bool watches_accesses;  // a hook of Unicorn's sees every instruction
  uc_hook access_hook;
  bool refused;  // a hook found an access misaligned: where, to what address
  uint32_t refused_pc, refused_address;
  int diverted;  // its base register, which was changed so that the access goes to nothing
  uint32_t diverted_value;
  uint32_t step_until;  // where the stepper stops
  int in_blocks;        // it executes whole blocks, and stops where the machine has to look at one first
  uint32_t ahead;       // what it may still come to in the current block begins here
};

// What makes a core of an instruction set. Functions that are not there (NULL) have nothing to do for it.
struct architecture {
  uc_arch arch;
  uc_mode mode;
  uint32_t page;                  // of Unicorn's TLB, bytes
  int pc, argument, link, stack;  // Unicorn's names of registers

  // The length of an instruction; the needs that it brings its block, and those that are seen from the whole block
  // only; which of these matter now, and which of `needs` still do after a look at the registers.
  uint32_t (*length)(const uint8_t *instruction);
  uint32_t (*flags)(const struct core *core, const uint8_t *instruction, bool last);
  void (*survey)(struct core *core, const struct window *window, struct block *block, uint32_t address);
  uint32_t (*attention)(struct core *core);
  uint32_t (*pressing)(struct core *core, uint32_t needs);

  // Registers after a reset, and where uc_emu_start goes on.
  void (*reset)(struct core *core, uint32_t start);
  uint64_t (*start)(struct core *core);
  void (*go_to)(struct core *core, uint32_t pc);  // on a debugger's behalf

  // Make FOREIGN instructions Unicorn's to execute, if they can be; whether Unicorn may execute this one after all;
  // execute one that it may not, counted already. `assisted` executes one by `step`, with the help that it needs.
  bool (*admit)(struct core *core);
  bool (*permits)(struct core *core, uint32_t pc);
  int (*execute)(struct core *core, uint32_t pc);
  int (*assisted)(struct core *core, int (*step)(struct core *core, uint32_t steps));

  // Take a pending interrupt if it may come now; whether one is pending, or with_mask could be taken.
  int (*arbitrate)(struct core *core);
  bool (*wakes)(struct core *core, bool with_mask);

  // What ended a stretch of execution: an instruction that went wrong, or an exception of Unicorn's.
  int (*trouble)(struct core *core, enum trouble what, uint32_t pc, uint32_t address);
  int (*interrupt)(struct core *core);
  int (*refuse)(struct core *core, uint32_t pc);  // an instruction at the end of the block
  bool (*in_fault)(const struct core *core);      // a fault's handler has not returned

  // Where Unicorn needs help: code was loaded; before an instruction in the stepper; an instruction has to be looked at
  // before each execution; in a TLB miss of a load or store; whether the stepper's hook cannot stop at `until`.
  void (*prepare)(struct core *core, uint32_t address, const uint8_t *bytes, uint32_t size);
  void (*pass)(struct core *core, uint32_t address);
  void (*hook)(struct core *core, uint32_t address);
  void (*refill)(uc_engine *engine);

  // What memory protection lets pass, as mpu.h has it; NULL where there is none.
  uint32_t (*protection)(struct core *core, uint32_t address, uint32_t size, bool privileged, bool *mixed);
  bool (*needs_exit)(struct core *core, uint32_t from, uint32_t until);
};

extern const struct architecture cortex_m, riscv;

static inline uint32_t get(struct core *core, int name) {
  uint32_t value = 0;
  uc_reg_read(core->engine, name, &value);
  return value;
}

static inline void set(struct core *core, int name, uint32_t value) { uc_reg_write(core->engine, name, &value); }

static inline struct window *window_at(struct core *core, uint32_t address) {
  for (uint32_t i = 0; i < core->window_count; i++) {
    if (address - core->windows[i].base < core->windows[i].size) return &core->windows[i];
  }
  return NULL;
}

static inline uint8_t *host_address(struct core *core, uint32_t address, uint32_t size) {
  struct window *window = window_at(core, address);
  if (!window || window->size - (address - window->base) < size) return NULL;
  return window->bytes + (address - window->base);
}

static inline bool load_word(struct core *core, uint32_t address, uint32_t *value) {
  uint8_t *host = host_address(core, address, 4);
  if (host) memcpy(value, host, 4);
  return host != NULL;
}

static inline uint32_t length_at(struct core *core, uint32_t address) {
  return core->architecture->length(host_address(core, address, 2));
}

static inline uint64_t whole_cycles(const struct core *core) { return core->cycles / PARTS; }

static inline uint32_t halfword(const uint8_t *bytes) { return bytes[0] | bytes[1] << 8; }

// core.c
void fail(struct core *core, uint32_t failure);

// memory.c
// A block that holds what `kept` held. Where there is none the core fails, and `kept` is as it was.
void *room_for(struct core *core, void *kept, size_t bytes);
bool fill_tlb(uc_engine *engine, uint64_t address, uc_mem_type type, uc_tlb_entry *entry, void *data);
bool access_nothing(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data);

// accesses.c
// The access for which Unicorn fills its TLB: its first byte and size, as far as it is known (size 0: it is not).
struct filling {
  uint32_t address, size;
  bool privileged;
  bool mixed;  // set it where no other access is to be spared the question
};
extern _Thread_local struct filling filling;

// What is translated from here on in this thread is for the machine, or for the stepper.
void translate_for(bool machine);

// blocks.c
struct block *block_at(struct core *core, uint32_t address, uint32_t size);
uint32_t instructions_before(struct core *core, uint32_t pc);
uint32_t cost_of(struct core *core, uint32_t address, uint32_t size);
void cut_block(struct core *core, uint32_t pc);
void hook_instruction(struct core *core, const struct window *window, uint32_t address);
uint32_t concern_of(struct core *core, const struct block *block);
void hold(struct core *core);
void begin_block(struct core *core, uint32_t address, uint32_t size, const struct block *block);
void mark(struct core *core, uint32_t address);
void remember(struct core *core, uint32_t address);
void note_fault(struct core *core, struct fault fault);
void enter_block(uc_engine *engine, uint64_t address, uint32_t size, void *data);
void pass_step(uc_engine *engine, uint64_t address, uint32_t size, void *data);
