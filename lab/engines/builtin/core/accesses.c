// Loads and stores without a question after each.
//
// Unicorn's translations call a helper after every load and store, which looks
// whether somebody has asked to stop, and for which every register is put away.
// Nobody asks there: a run of the machine ends at the start of a block, at a
// hook before an instruction, or within an access that finds nothing, which
// leaves at once by itself. The stepper keeps the question, because it tells
// exact addresses of such accesses by going on
// (docs/decisions/0020-loads-without-a-look.md).
//
// The dynamic linker takes these definitions before Unicorn's own of the same
// names, since Unicorn is loaded for this library's sake. Where it was loaded
// before, or calls them in another way, it goes on as it is, and slower.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#include "core.h"

static _Thread_local bool unasked;    // the engine that translates now does without
static _Thread_local bool accessing;  // in the translation of a load or a store of it
EXPORT uint64_t unasked_accesses;     // how many were translated so, for tests

void translate_for(bool machine) { unasked = machine; }

static void *unicorns(const char *name) {
  static void *unicorn;
  if (!unicorn) unicorn = dlopen("libunicorn.so.2", RTLD_LAZY | RTLD_NOLOAD);
  return dlsym(unicorn, name);
}

_Thread_local struct filling filling;

// Unicorn's hook is told the page alone. Cortex-M's first two translation regimes are those of unprivileged and
// privileged code.
EXPORT bool unicorn_fill_tlb_arm(void *cpu, uint64_t address, int size, int type, int regime, bool probe,
                                 uintptr_t from) {
  static bool (*original)(void *, uint64_t, int, int, int, bool, uintptr_t);
  if (!original) original = unicorns("unicorn_fill_tlb_arm");
  filling = (struct filling){address, size, regime & 1, false};
  bool filled = original(cpu, address, size, type, regime, probe, from);
  filling.size = 0;
  return filled;
}

// An entry of less than a page is asked for at each access.
EXPORT void tlb_set_page_arm(void *cpu, uint32_t address, uint64_t physical, int rights, int regime, uint32_t size) {
  static void (*original)(void *, uint32_t, uint64_t, int, int, uint32_t);
  if (!original) original = unicorns("tlb_set_page_arm");
  original(cpu, address, physical, rights, regime, filling.size && filling.mixed ? 1 : size);
}

#define CHECK(architecture)                                                  \
  EXPORT void check_exit_request_##architecture(void *context) {             \
    static void (*original)(void *);                                         \
    if (!original) original = unicorns("check_exit_request_" #architecture); \
    if (!accessing) original(context);                                       \
  }

#define ACCESS(kind, architecture)                                                                             \
  EXPORT void tcg_gen_qemu_##kind##_##architecture(void *context, void *value, void *address, uintptr_t index, \
                                                   uint32_t operation) {                                       \
    static void (*original)(void *, void *, void *, uintptr_t, uint32_t);                                      \
    if (!original) original = unicorns("tcg_gen_qemu_" #kind "_" #architecture);                               \
    accessing = unasked;                                                                                       \
    unasked_accesses += unasked;                                                                               \
    original(context, value, address, index, operation);                                                       \
    accessing = false;                                                                                         \
  }

#define ARCHITECTURE(name) \
  CHECK(name)              \
  ACCESS(ld_i32, name) ACCESS(st_i32, name) ACCESS(ld_i64, name) ACCESS(st_i64, name)

ARCHITECTURE(arm)
ARCHITECTURE(riscv32)
