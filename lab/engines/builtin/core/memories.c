// Caches and wait states, simulated on the addresses that a run goes to.

#include "memories.h"

#include <stdlib.h>

#include "core.h"

enum { NOWHERE = 0xFFFFFFFF };

struct way {
  uint32_t tag;    // the line's address divided by its size
  uint64_t there;  // a bit for each of its pieces
  uint64_t used;
};

// The last instruction that went to a memory, for the one behind it.
struct last {
  uint64_t number;
  uint32_t memory;
  bool stores;
};

struct watch {
  struct memories memories;
  struct way *ways[CACHES];
  uint32_t pieces[CACHES];   // the piece of a line that was used last, and
  uint64_t arrived[CACHES];  // when the one behind it began to be read
  uint64_t number, used;     // of instructions, of lines
  uint64_t now;              // parts, roughly: those of a block are spread evenly
  uint64_t pace;             // of this block
  uint32_t block, next;      // address, and where it goes on without a jump
  uint32_t fetched;          // memory of the last instruction
  bool wide;                 // that is one of 4 bytes that is not aligned
  struct last last;
  struct waited *waits;
  uint32_t waits_used, waits_room;
  uint64_t by_reason[REASONS];
  uint32_t current;          // index of the block in `waits`
  uint32_t *index[WINDOWS];  // 1 + index in `waits`, one for each halfword
  uc_hook hook;
};

static uint32_t memory_at(const struct watch *watch, uint32_t address) {
  const struct memories *all = &watch->memories;
  for (uint32_t i = 0; i < all->memory_count; i++) {
    if (address - all->memories[i].base < all->memories[i].size) return i;
  }
  return NOWHERE;
}

static void wait_for(struct core *core, enum reason reason, uint64_t parts) {
  struct watch *watch = core->watch;
  watch->by_reason[reason] += parts;
  core->cycles += parts;
  watch->now += parts;
  if (watch->waits_used) watch->waits[watch->current].parts += parts;
}

// Whether the piece is there; it is afterwards.
static bool is_kept(struct watch *watch, uint32_t number, uint32_t piece) {
  const struct cache *cache = &watch->memories.caches[number];
  uint32_t pieces = cache->line / cache->piece, line = piece / pieces;
  uint64_t bit = 1ull << piece % pieces;
  struct way *set = &watch->ways[number][line % cache->sets * cache->ways], *oldest = set;
  for (struct way *way = set; way < set + cache->ways; way++) {
    if (way->used && way->tag == line) {
      bool kept = way->there & bit;
      way->there |= bit;
      way->used = ++watch->used;
      return kept;
    }
    if (way->used < oldest->used) oldest = way;
  }
  *oldest = (struct way){line, bit, ++watch->used};
  return false;
}

static void bring_piece(struct core *core, enum reason reason, const struct path *path, uint32_t piece) {
  struct watch *watch = core->watch;
  uint32_t before = watch->pieces[path->cache];
  if (piece == before) return;
  watch->pieces[path->cache] = piece;
  bool kept = is_kept(watch, path->cache, piece), in_row = path->ahead && piece == before + 1;
  uint64_t begun = watch->now - watch->arrived[path->cache];
  if (!kept) wait_for(core, reason, !in_row ? path->wait : begun < path->wait ? path->wait - begun : 0);
  watch->arrived[path->cache] = watch->now;
}

static void bring(struct core *core, enum reason reason, const struct path *path, uint32_t address, uint32_t size) {
  if (path->cache == UNCACHED) {
    wait_for(core, reason, path->wait);
    return;
  }
  uint32_t piece = core->watch->memories.caches[path->cache].piece;
  for (uint32_t at = address / piece; at <= (address + size - 1) / piece; at++) bring_piece(core, reason, path, at);
}

static void enter(struct core *core) {
  struct watch *watch = core->watch;
  watch->block = core->current_block;
  const struct window *window = window_at(core, watch->block);
  if (!window) return;
  const struct block *block = &window->blocks[(watch->block - window->base) / 2];
  watch->pace = block->instructions ? block->cycles / block->instructions : PARTS;
  uint32_t **index = &watch->index[window - core->windows];
  if (!*index) *index = calloc(window->size / 2, sizeof **index);
  if (!*index) {
    fail(core, NO_ROOM);
    return;
  }
  uint32_t *known = *index + (watch->block - window->base) / 2;
  if (!*known) {
    if (watch->waits_used == watch->waits_room) {
      uint32_t room = watch->waits_room ? 2 * watch->waits_room : 1024;
      struct waited *waits = room_for(core, watch->waits, room * sizeof *waits);
      if (!waits) return;
      watch->waits = waits;
      watch->waits_room = room;
    }
    watch->waits[watch->waits_used++] = (struct waited){.address = watch->block};
    *known = watch->waits_used;
  }
  watch->current = *known - 1;
  watch->waits[watch->current].visits++;
}

void watch_instruction(struct core *core, uint32_t address, uint32_t size) {
  struct watch *watch = core->watch;
  bool jumps = address != watch->next;
  if (address == core->current_block) enter(core);
  watch->number++;
  watch->now += watch->pace;
  watch->next = address + size;
  if (jumps) watch->fetched = memory_at(watch, address);
  watch->wide = size == 4 && address % 4;
  if (jumps && watch->wide) wait_for(core, WIDE_TARGET, watch->memories.addressing.wide_target);
  if (watch->fetched == NOWHERE) return;
  const struct path *fetch = &watch->memories.memories[watch->fetched].fetch;
  if (fetch->cache != UNCACHED || jumps) bring(core, FETCHING, fetch, address, size);
}

// Words, and halves of them, of which an access consists on a bus of 32 bits.
static uint32_t further_accesses(uint32_t address, uint32_t size) {
  if (size == 4) return address % 4 == 0 ? 0 : address % 2 ? 2 : 1;
  return size == 2 && address % 4 == 3;
}

// Unicorn tells where a memory is at home.
static void watch_access(uc_engine *engine, uc_mem_type type, uint64_t where, int size, int64_t value, void *data) {
  (void)value;
  struct core *core = data;
  struct watch *watch = core->watch;
  uint32_t address = (uint32_t)where, number = watch ? memory_at(watch, address) : NOWHERE;
  if (number != NOWHERE && !core->lenient && !core->held) {
    const struct addressing *addressing = &watch->memories.addressing;
    const struct memory *memory = &watch->memories.memories[number];
    bool stores = type == UC_MEM_WRITE, behind = watch->last.number + 1 == watch->number;
    uint32_t further = further_accesses(address, size);
    if (further) wait_for(core, IN_PIECES, further * addressing->unaligned + (stores ? 0 : addressing->unaligned_load));
    if (behind && watch->last.stores && !stores) wait_for(core, AFTER_STORE, addressing->after_store);
    if (behind && !watch->last.stores) {
      if (watch->last.memory != number)
        wait_for(core, APART, addressing->apart);
      else if (watch->wide)
        wait_for(core, WIDE_LOAD, addressing->wide_load);
    }
    if (stores) wait_for(core, STORING, memory->store);
    if (!stores || memory->load.cache != UNCACHED) {
      struct path path = memory->load;
      if (stores) path.wait = 0;  // a line that is written is brought meanwhile
      bring(core, LOADING, &path, address, size);
    }
    watch->last = (struct last){watch->number, number, stores};
  }
  if (core->architecture->refill) core->architecture->refill(engine);
}

EXPORT void core_forget_memories(struct core *core) {
  struct watch *watch = core->watch;
  if (!watch) return;
  if (watch->hook) uc_hook_del(core->stepper, watch->hook);
  uc_ctl_flush_tb(core->stepper);
  for (uint32_t i = 0; i < CACHES; i++) free(watch->ways[i]);
  for (uint32_t i = 0; i < WINDOWS; i++) free(watch->index[i]);
  free(watch->waits);
  free(watch);
  core->watch = NULL;
}

EXPORT bool core_watch_memories(struct core *core, const struct memories *memories) {
  core_forget_memories(core);
  struct watch *watch = core->watch = calloc(1, sizeof *watch);
  if (!watch) return false;
  watch->memories = *memories;
  watch->next = watch->block = NOWHERE;
  for (uint32_t i = 0; i < memories->cache_count; i++) {
    watch->pieces[i] = NOWHERE;
    watch->ways[i] = calloc((size_t)memories->caches[i].sets * memories->caches[i].ways, sizeof(struct way));
    if (!watch->ways[i]) return false;
  }
  uc_ctl_flush_tb(core->stepper);
  return !uc_hook_add(core->stepper, &watch->hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, watch_access, core, 1, 0);
}

EXPORT uint32_t core_waits(struct core *core, const struct waited **waits) {
  if (!core->watch) return 0;
  *waits = core->watch->waits;
  return core->watch->waits_used;
}

EXPORT const uint64_t *core_waits_by_reason(struct core *core) { return core->watch->by_reason; }
