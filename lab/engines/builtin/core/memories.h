// What memories cost, access by access (lab/engines/builtin/memories.py declares the same fields).
//
// While memories are watched the core runs in the stepper, which calls at each instruction and at each load and store,
// and adds to its cycles what the memories make it wait. How long is kept by block, so that other runs can add as much
// to their blocks without a look at any access. All cycles here are in parts, of which a cycle has PARTS.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct core;

enum { PARTS = 64, MEMORIES = 16, CACHES = 4, PIECES = 64, UNCACHED = 0xFFFFFFFF };

// Lines that are kept, the one that was used longest ago given up first; one of a single line is a buffer. A line comes
// piece by piece, as each is needed: at most PIECES.
struct cache {
  uint32_t line, piece, sets, ways;
};

// How code, or data, comes out of a memory: through a cache, or every word by itself (UNCACHED). What is not there
// takes `wait`; of the line behind the last one only what is left of it, if it is read `ahead`.
struct path {
  uint32_t cache, wait, ahead;
};

struct memory {
  uint32_t base, size;
  struct path fetch, load;
  uint32_t store;  // waiting for each
};

// Of the core itself, but known only from addresses: for each further access that an unaligned one is made of; for a
// load that is not aligned; for a load or store after a load from another memory; for a load after a store; for one
// after a load by an instruction of 4 bytes that is not aligned; for a jump to such an instruction.
struct addressing {
  uint32_t unaligned, unaligned_load, apart, after_store, wide_load, wide_target;
};

struct memories {
  struct addressing addressing;
  uint32_t cache_count, memory_count;
  struct cache caches[CACHES];
  struct memory memories[MEMORIES];
};

// What is waited for.
enum reason { FETCHING, LOADING, STORING, IN_PIECES, APART, AFTER_STORE, WIDE_LOAD, WIDE_TARGET, REASONS };

// What a block has waited for memories, all its visits together.
struct waited {
  uint32_t address, visits;
  uint64_t parts;
};

// An instruction begins in the stepper.
void watch_instruction(struct core *core, uint32_t address, uint32_t size);

// From here on; false without memory. Until then nothing is cached. `core_waits` is what there is so far.
bool core_watch_memories(struct core *core, const struct memories *memories);
void core_forget_memories(struct core *core);
uint32_t core_waits(struct core *core, const struct waited **waits);
const uint64_t *core_waits_by_reason(struct core *core);
