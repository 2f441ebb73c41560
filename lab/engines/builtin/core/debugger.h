// What a debugger asks of a core: to stop before an instruction or an access, and to go on as if it never had.
//
// A debugger is asked in the middle of a block, from the stepper's hooks, and the block goes on when it has answered.
// Nothing is cut or counted anew, and no memory is patched: a run that is stopped is the run that is not.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <unicorn/unicorn.h>

struct core;

enum { BREAKPOINTS = 256, WATCHPOINTS = 64 };

// Bits of the accesses that a watchpoint is about.
enum { LOADS = 1, STORES = 2 };

// Why a debugger is asked, and what it answers.
enum { AT_BREAKPOINT, STEPPED, BEFORE_LOAD, BEFORE_STORE };
enum { GO_ON, ONE_STEP, ABANDON };

typedef uint32_t (*attend_callback)(uint32_t why, uint32_t address);

struct watchpoint {
  uint32_t address, size, accesses;
  uint32_t home;  // the address as Unicorn knows it
};

struct debugger {
  attend_callback attend;
  uint32_t breakpoints[BREAKPOINTS], breakpoint_count;
  struct watchpoint watchpoints[WATCHPOINTS];
  uint32_t watchpoint_count;
  uint32_t steps;  // instructions to begin until it is asked; 0 for none
  bool suspended;  // an interrupt came: nothing is a step until its handler has returned
  uint32_t level;  // what was running then
  uint32_t pc;     // the instruction in the stepper
  bool asked;      // it is being asked, in the middle of a block
  bool accessing;  // and of an instruction
  bool jumps;      // it wants to go on elsewhere
  uint32_t target;
  bool abandoned;  // it wants core_run to return; what has happened is not known then
  bool faulted;    // an instruction went wrong since core_run looked
};

// The needs of blocks that matter to the debugger, if there is one.
uint32_t debugging_attention(const struct core *core);

// Whether a breakpoint is in these bytes of memory.
bool has_breakpoint(const struct core *core, uint32_t address, uint32_t size);

// An instruction is about to be executed by itself. Whether it may be.
bool meet_instruction(struct core *core, uint32_t pc);

// An interrupt was taken while `level` ran.
void suspend_steps(struct core *core, uint32_t level);

// The core was reset: breakpoints and watchpoints stay, and nothing else.
void forget_progress(struct core *core);

// Go on where the debugger said.
void jump(struct core *core);
