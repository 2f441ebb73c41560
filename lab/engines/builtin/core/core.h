// The core of the built-in engine: Unicorn executes instructions; these files count them, keep the deadline and take
// exceptions. Python keeps virtual time and the devices; it sees the first part of `struct core` as it is
// (lab/engines/builtin/shim.py declares the same fields). All of it is for Armv7-M (Arm DDI 0403E); where a function
// follows one of the manual's pseudocode, its comment names that.
//
// Counting: a hook at the start of every translated block adds the number of instructions in it. The hook runs before
// the block and can stop there, so that `count` never passes `deadline`; the block in which the deadline lies is
// executed in part by a second Unicorn instance on the same memory, up to the exact instruction.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unicorn/unicorn.h>

#define EXPORT __attribute__((visibility("default")))

enum { MEMORIES = 16, DEVICES = 64, EXCEPTIONS = 256, WORDS = EXCEPTIONS / 64, TRACE = 64, PAGE = 1024 };

// Exception numbers.
enum { NMI = 2, HARD_FAULT = 3, MEM_MANAGE = 4, BUS_FAULT = 5, USAGE_FAULT = 6, SVCALL = 11, DEBUG_MONITOR = 12 };

// Bits of CFSR, HFSR, SCR and CCR.
enum {
  IACCVIOL = 1 << 0,
  IBUSERR = 1 << 8,
  PRECISERR = 1 << 9,
  BFARVALID = 1 << 15,
  UNDEFINSTR = 1 << 16,
  INVSTATE = 1 << 17,
  INVPC = 1 << 18,
  NOCP = 1 << 19,
  HFSR_FORCED = 1 << 30,
  HFSR_DEBUGEVT = 1u << 31,
  SCR_SLEEPONEXIT = 1 << 1,
  CCR_STKALIGN = 1 << 9,
};

// Unicorn's (QEMU's) interrupt numbers for M-profile cores.
enum { QEMU_SVC = 2, QEMU_BREAKPOINT = 7, QEMU_EXCEPTION_RETURN = 8 };

// What a block may need besides counting.
enum { WATCHED = 1, UNMASKS = 2, FLOATS = 4 };

// Why core_run returned.
enum { AT_DEADLINE, AT_SLICE, STOPPED, LOCKED_UP, NO_HANDLER, NO_STACK, BROKEN };

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
  // State that Python reads and writes. A snapshot copies it up to `marks_used`.
  uint64_t count;  // instructions executed, and those skipped while asleep
  uint64_t skipped;
  uint64_t cycles;
  uint64_t synchronised;    // count at the last synchronisation of time
  uint64_t deadline;        // never executed past
  uint64_t slice;           // core_run returns at the first block start past it
  uint64_t quantum;         // grid of wake-ups from a sleep with a masked interrupt pending
  volatile uint64_t limit;  // min(deadline, slice) while blocks run; 0 asks for attention before the next block
  uint64_t pending[WORDS], enabled[WORDS], active[WORDS], level[WORDS];
  int16_t priority[EXCEPTIONS];
  uint32_t priority_mask, group_mask;
  uint32_t vector_table, scr, ccr, cpacr, cfsr, hfsr, mmfar, bfar, fpcar;
  uint32_t branch_penalty;
  uint32_t stop;  // core_run returns before the next block
  uint32_t sleeping;
  uint32_t next_sequential;  // the block that follows without a branch
  uint32_t running;          // number of the exception in handling (IPSR), 0 in thread mode
  uint32_t unhandled;        // exception that has no vector, after NO_HANDLER
  struct fault last_fault;
  struct visit trace[TRACE];
  uint32_t trace_next;
  struct visit fault_trace[TRACE];  // as `trace` was at the last fault: its handler runs on
  uint32_t fault_trace_next;
  uint32_t marks_used, marks_room;
  struct mark *marks;
  uint32_t unicorn_error;
  read_callback read;
  write_callback write;
  cost_callback cost;

  // For these files alone.
  uc_engine *machine, *stepper;
  uc_engine *engine;        // the one of the two that is running
  uc_context *context;      // on the way between the two
  uc_context *pristine[2];  // of each after power-on; a context has pointers into the engine it comes from
  struct memory memories[MEMORIES];
  uint32_t memory_count;
  struct window devices[DEVICES];
  uint32_t device_count;
  uint32_t current_block, current_size;
  uint64_t block_start, cycles_before;  // count and cycles before the current block
  uint32_t flag_mask;
  bool stale;     // translations must be dropped before the next block
  bool held;      // a hook stopped before an instruction
  int interrupt;  // Unicorn's number, or -1
  bool missed;    // an access found neither memory nor device
  bool lenient;   // let such an access through to Unicorn, which then tells its exact address
  uint32_t missed_address;
  int missed_type;
  uint32_t step_until;  // where the stepper stops
};

static inline uint32_t get(struct core *core, int name) {
  uint32_t value = 0;
  uc_reg_read(core->engine, name, &value);
  return value;
}

static inline void set(struct core *core, int name, uint32_t value) { uc_reg_write(core->engine, name, &value); }

static inline struct memory *memory_at(struct core *core, uint32_t address) {
  for (uint32_t i = 0; i < core->memory_count; i++) {
    if (address - core->memories[i].base < core->memories[i].size) return &core->memories[i];
  }
  return NULL;
}

static inline uint8_t *host_address(struct core *core, uint32_t address, uint32_t size) {
  struct memory *memory = memory_at(core, address);
  if (!memory || memory->size - (address - memory->base) < size) return NULL;
  return memory->bytes + (address - memory->base);
}

static inline bool load_word(struct core *core, uint32_t address, uint32_t *value) {
  uint8_t *host = host_address(core, address, 4);
  if (host) memcpy(value, host, 4);
  return host != NULL;
}

static inline uint32_t halfword(const uint8_t *bytes) { return bytes[0] | bytes[1] << 8; }
static inline uint32_t length(uint32_t first) { return (first >> 11) >= 0x1D ? 4 : 2; }

static inline bool bit(const uint64_t *set, int number) { return set[number / 64] >> (number % 64) & 1; }
static inline void raise_bit(uint64_t *set, int number) { set[number / 64] |= 1ull << (number % 64); }
static inline void clear_bit(uint64_t *set, int number) { set[number / 64] &= ~(1ull << (number % 64)); }

// memory.c
bool fill_tlb(uc_engine *engine, uint64_t address, uc_mem_type type, uc_tlb_entry *entry, void *data);
bool access_nothing(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data);

// blocks.c
bool is_float(const uint8_t *bytes);
bool is_hint(const uint8_t *bytes);
bool is_barrier(const uint8_t *bytes);
struct block *block_at(struct core *core, uint32_t address, uint32_t size);
void cut_block(struct core *core, uint32_t pc);
void mark(struct core *core, uint32_t address);
void remember(struct core *core, uint32_t address);
void enter_block(uc_engine *engine, uint64_t address, uint32_t size, void *data);
void pass_barrier(uc_engine *engine, uint64_t address, uint32_t size, void *data);
void pass_step(uc_engine *engine, uint64_t address, uint32_t size, void *data);

// exceptions.c
void take_interrupt(uc_engine *engine, uint32_t number, void *data);
int highest(const uint64_t *a, const uint64_t *b, const struct core *core);
bool would_preempt(struct core *core, bool with_primask);
int arbitrate(struct core *core);
int take_fault(struct core *core, int number, uint32_t status, uint32_t pc, uint32_t address);
int handle_interrupt(struct core *core);
