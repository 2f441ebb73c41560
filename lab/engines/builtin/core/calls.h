// The tree of calls, as Python reads it (lab/engines/builtin/shim.py declares the same fields).
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct core;

enum { UNNAMED = 0xFFFFFFFF };

// A SECTION is the root of a tree and is named by the argument of the mark at which it began; a FUNCTION by its place
// in the table that was given; a HANDLER by the number of its exception.
enum node_kind { SECTION, FUNCTION, HANDLER };

// `apart`: every call that it makes is a node of its own.
struct function {
  uint32_t start, end, apart;
};

// What was spent is the node's own, without what is below it. `site` is where the call returns to, 0 for others.
struct node {
  uint32_t parent, kind, id, site;
  uint64_t calls, instructions, cycles;
  uint32_t child, sibling;
};

// A block begins; an exception is taken, or returned from; a mark was reached. Only while calls are followed.
void follow(struct core *core, uint32_t address);
void follow_handler(struct core *core, uint32_t number);
void follow_handler_return(struct core *core);
void begin_section(struct core *core, uint32_t id);

// From here on, on functions in order of their addresses; false without memory. They do not survive a restored
// snapshot.
bool core_follow_calls(struct core *core, const struct function *functions, uint32_t count);
void core_forget_calls(struct core *core);
uint32_t core_calls(struct core *core, const struct node **nodes);
