// Who calls whom: a tree of calls, with what each function spent itself.
//
// A function is entered when the link register holds the address after the block before; it has returned when that
// address is reached with the stack pointer of the call. A jump into another function, a tail call, is below the
// function that jumps and returns with it. What is spent is read from the core's counters at each change of function,
// so that the tree adds up to them.

#include "calls.h"

#include <stdlib.h>

#include "core.h"

enum { NOWHERE = 0xFFFFFFFF };  // an address that is never executed

struct frame {
  uint32_t node;
  uint32_t start, size;  // of the function
  uint32_t back, stack;  // where it returns to, with which stack pointer
  bool tail, apart;
  uint32_t interrupted;  // of a handler: the end of the block before
};

struct calls {
  struct function *functions;
  uint32_t function_count;
  struct node *nodes;
  uint32_t nodes_used, nodes_room;
  struct frame *frames;
  uint32_t depth, frames_room;  // frames[depth] is the one that runs
  uint32_t resumed;             // the end of the block before a handler that has just returned
  uint64_t executed, cycles;    // when they were last charged to a node
};

static uint64_t executed(const struct core *core) { return core->count - core->skipped; }

// The exceptions that an architecture takes leave no `next_sequential`.
static uint32_t end_before(const struct core *core) {
  return core->next_sequential ? core->next_sequential : core->calls->resumed;
}

static void charge(struct core *core) {
  struct calls *calls = core->calls;
  struct node *node = &calls->nodes[calls->frames[calls->depth].node];
  node->instructions += executed(core) - calls->executed;
  node->cycles += whole_cycles(core) - calls->cycles;
  calls->executed = executed(core);
  calls->cycles = whole_cycles(core);
}

// Without room for more, the core has failed and the first root stands for the node: the tree is of no use then.
static uint32_t add_node(struct core *core, struct node node) {
  struct calls *calls = core->calls;
  if (calls->nodes_used == calls->nodes_room) {
    struct node *nodes = room_for(core, calls->nodes, 2 * calls->nodes_room * sizeof *nodes);
    if (!nodes) return 0;
    calls->nodes = nodes;
    calls->nodes_room *= 2;
  }
  calls->nodes[calls->nodes_used] = node;
  return calls->nodes_used++;
}

// The node of that kind below `parent`: the one that is there, unless the calls of that parent are kept apart.
static uint32_t below(struct core *core, uint32_t parent, enum node_kind kind, uint32_t id, uint32_t site, bool apart) {
  struct calls *calls = core->calls;
  uint32_t child = calls->nodes[parent].child;
  while (child && (apart || calls->nodes[child].kind != kind || calls->nodes[child].id != id)) {
    child = calls->nodes[child].sibling;
  }
  if (child) return child;
  uint32_t sibling = calls->nodes[parent].child;
  child = add_node(core, (struct node){.parent = parent, .kind = kind, .id = id, .site = site, .sibling = sibling});
  return calls->nodes[parent].child = child;
}

static struct frame *top_of(struct calls *calls) { return &calls->frames[calls->depth]; }

// Without room for another, the core has failed and the frame is the caller's own.
static struct frame *push(struct core *core, enum node_kind kind, uint32_t id, uint32_t site) {
  struct calls *calls = core->calls;
  if (calls->depth + 1 == calls->frames_room) {
    struct frame *frames = room_for(core, calls->frames, 2 * calls->frames_room * sizeof *frames);
    if (!frames) return top_of(calls);
    calls->frames = frames;
    calls->frames_room *= 2;
  }
  struct frame *caller = top_of(calls);
  uint32_t node = below(core, caller->node, kind, id, site, caller->apart);
  calls->nodes[node].calls++;
  calls->depth++;
  struct frame *top = top_of(calls);
  *top = (struct frame){.node = node, .back = NOWHERE};
  return top;
}

static bool contains(const struct frame *frame, uint32_t address) { return address - frame->start < frame->size; }

// What lies at `address`: a function, or the gap between two (UNNAMED).
static struct frame *push_function(struct core *core, uint32_t address, uint32_t site) {
  struct calls *calls = core->calls;
  uint32_t low = 0, high = calls->function_count;  // the first function that ends behind the address
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (calls->functions[middle].end <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const struct function *function = &calls->functions[low];
  bool named = low < calls->function_count && function->start <= address;
  struct frame *top = push(core, FUNCTION, named ? low : UNNAMED, site);
  if (named) {
    top->start = function->start;
    top->size = function->end - function->start;
    top->apart = function->apart;
  } else {
    top->start = low ? function[-1].end : 0;
    top->size = (low < calls->function_count ? function->start : NOWHERE) - top->start;
  }
  return top;
}

// The caller of the frame, past those that only jumped into the next.
static uint32_t caller_of(const struct calls *calls, uint32_t depth) {
  while (calls->frames[depth].tail) depth--;
  return depth - 1;
}

// Whether this is a return, to the caller or past it: an exception of a language, or frames that were lost.
static bool follow_return(struct core *core, uint32_t address) {
  struct calls *calls = core->calls;
  uint32_t stack = get(core, core->architecture->stack);
  for (uint32_t depth = calls->depth; calls->frames[depth].back != NOWHERE; depth = caller_of(calls, depth)) {
    if (calls->frames[depth].back == address && calls->frames[depth].stack == stack) {
      calls->depth = caller_of(calls, depth);
      return true;
    }
  }
  return false;
}

static void follow_jump(struct core *core, uint32_t address) {
  struct calls *calls = core->calls;
  for (uint32_t depth = calls->depth;; depth--) {
    if (contains(&calls->frames[depth], address)) {
      calls->depth = depth;
      return;
    }
    if (!calls->frames[depth].tail) break;
  }
  struct frame from = *top_of(calls);
  struct frame *top = push_function(core, address, 0);
  top->back = from.back;
  top->stack = from.stack;
  top->tail = true;
}

void follow(struct core *core, uint32_t address) {
  struct calls *calls = core->calls;
  const struct frame *top = top_of(calls);
  if (contains(top, address) && address != top->start && address != top->back) return;
  charge(core);
  uint32_t link = get(core, core->architecture->link) & ~1u;
  if (link == end_before(core) && address != link) {
    struct frame *called = push_function(core, address, link);
    called->back = link;
    called->stack = get(core, core->architecture->stack);
  } else if (!follow_return(core, address)) {
    follow_jump(core, address);
  }
}

void follow_handler(struct core *core, uint32_t number) {
  charge(core);
  push(core, HANDLER, number, 0)->interrupted = end_before(core);
  core->calls->resumed = 0;
}

void follow_handler_return(struct core *core) {
  struct calls *calls = core->calls;
  charge(core);
  for (uint32_t depth = calls->depth; depth > 0; depth--) {
    if (calls->nodes[calls->frames[depth].node].kind == HANDLER) {
      calls->resumed = calls->frames[depth].interrupted;
      calls->depth = depth - 1;
      return;
    }
  }
}

// The same calls are under way, and are charged to another tree.
void begin_section(struct core *core, uint32_t id) {
  struct calls *calls = core->calls;
  charge(core);
  uint32_t root = 0;
  while (root < calls->nodes_used && (calls->nodes[root].kind != SECTION || calls->nodes[root].id != id)) root++;
  if (root == calls->nodes_used) root = add_node(core, (struct node){.parent = root, .kind = SECTION, .id = id});
  calls->frames[0].node = root;
  for (uint32_t depth = 1; depth <= calls->depth; depth++) {
    const struct frame *caller = &calls->frames[depth - 1];
    const struct node same = calls->nodes[calls->frames[depth].node];
    calls->frames[depth].node = below(core, caller->node, same.kind, same.id, same.site, caller->apart);
  }
}

static void forget(struct calls *calls) {
  if (!calls) return;
  free(calls->functions);
  free(calls->nodes);
  free(calls->frames);
  free(calls);
}

EXPORT bool core_follow_calls(struct core *core, const struct function *functions, uint32_t count) {
  core_forget_calls(core);
  struct calls *calls = core->calls = calloc(1, sizeof *calls);
  if (!calls) return false;
  calls->nodes_room = 256;
  calls->frames_room = 64;
  calls->functions = malloc((count + 1) * sizeof *functions);
  calls->nodes = malloc(calls->nodes_room * sizeof *calls->nodes);
  calls->frames = malloc(calls->frames_room * sizeof *calls->frames);
  if (!calls->functions || !calls->nodes || !calls->frames) {
    core_forget_calls(core);
    return false;
  }
  memcpy(calls->functions, functions, count * sizeof *functions);
  calls->function_count = count;
  calls->frames[0] = (struct frame){.node = add_node(core, (struct node){.kind = SECTION}), .back = NOWHERE};
  calls->executed = executed(core);
  calls->cycles = whole_cycles(core);
  return true;
}

EXPORT void core_forget_calls(struct core *core) {
  forget(core->calls);
  core->calls = NULL;
}

EXPORT uint32_t core_calls(struct core *core, const struct node **nodes) {
  if (!core->calls) return 0;
  charge(core);
  *nodes = core->calls->nodes;
  return core->calls->nodes_used;
}
