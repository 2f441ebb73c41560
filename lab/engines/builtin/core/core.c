// A core from power-on to the end: making, reset, registers, snapshots.

#include "core.h"

#include <stdlib.h>
#include <sys/mman.h>

static const struct architecture *const ARCHITECTURES[] = {&cortex_m, &riscv};

void fail(struct core *core, uint32_t failure) {
  if (!core->failure) core->failure = failure;
  core->limit = 0;
}

static void take_interrupt(uc_engine *engine, uint32_t number, void *data) {
  struct core *core = data;
  core->interrupt = number;
  uc_emu_stop(engine);
}

EXPORT void core_free(struct core *core);

// Of translated code, for each of the two engines. Unicorn takes 1 GiB unless told otherwise, and ends the process
// where it cannot have it; the code of a TFLM application needs a few MiB.
enum { TRANSLATIONS = 128 << 20, ELSE = 64 << 20 };

static bool is_room(void) {
  size_t needed = 2 * (size_t)TRANSLATIONS + ELSE;
  void *room = mmap(NULL, needed, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) return false;
  munmap(room, needed);
  return true;
}

static uc_err open_engine(struct core *core, int model, uc_engine **engine, uc_context **pristine) {
  uc_hook hook;
  uc_err error = uc_open(core->architecture->arch, core->architecture->mode, engine);
  if (!error) error = uc_ctl_set_cpu_model(*engine, model);
  if (!error) error = uc_ctl_set_tcg_buffer_size(*engine, TRANSLATIONS);
  if (!error) error = uc_ctl_tlb_mode(*engine, UC_TLB_VIRTUAL);
  if (!error) error = uc_hook_add(*engine, &hook, UC_HOOK_TLB_FILL, fill_tlb, core, 1, 0);
  if (!error) error = uc_hook_add(*engine, &hook, UC_HOOK_INTR, take_interrupt, core, 1, 0);
  if (!error) error = uc_ctl_exits_enable(*engine);  // and none is ever set in the machine: its hook alone ends a run
  if (!error) error = uc_context_alloc(*engine, pristine);
  if (!error) error = uc_context_save(*engine, *pristine);
  return error;
}

static uc_err open_engines(struct core *core, int model) {
  uc_hook hook;
  uc_err error = open_engine(core, model, &core->machine, &core->pristine[0]);
  if (!error) error = open_engine(core, model, &core->stepper, &core->pristine[1]);
  if (!error) error = uc_hook_add(core->machine, &hook, UC_HOOK_BLOCK, enter_block, core, 1, 0);
  if (!error) error = uc_hook_add(core->stepper, &hook, UC_HOOK_CODE, pass_step, core, 1, 0);
  const int unmapped = UC_HOOK_MEM_READ_UNMAPPED | UC_HOOK_MEM_WRITE_UNMAPPED;
  if (!error) error = uc_hook_add(core->stepper, &hook, unmapped, access_nothing, core, 1, 0);
  if (!error) error = uc_context_alloc(core->machine, &core->context);
  return error;
}

EXPORT struct core *core_new(uint32_t architecture, int model, const char **problem) {
  *problem = NULL;  // as it stays without memory
  struct core *core = is_room() ? calloc(1, sizeof *core) : NULL;
  if (!core) return NULL;
  core->architecture = ARCHITECTURES[architecture];
  uc_err error = open_engines(core, model);
  if (error) {
    if (error != UC_ERR_NOMEM) *problem = uc_strerror(error);
    core_free(core);
    return NULL;
  }
  core->quantum = 1;
  core->engine = core->machine;
  core->code = core->windows;
  return core;
}

EXPORT void core_reset(struct core *core, uint32_t start) {
  uc_context_restore(core->machine, core->pristine[0]);
  core->running = core->sleeping = core->next_sequential = 0;
  forget_progress(core);
  core->architecture->reset(core, start);
}

// Begin somewhere else than the reset did, with registers as they are.
EXPORT void core_begin(struct core *core, uint32_t start) { core->architecture->reset(core, start); }

// Whether the handler of a fault has not returned.
EXPORT bool core_in_fault(struct core *core) { return core->architecture->in_fault(core); }

EXPORT uint32_t core_register(struct core *core, int name) { return get(core, name); }

EXPORT uc_context *core_save(struct core *core) {
  uc_context *context;
  if (uc_context_alloc(core->machine, &context)) return NULL;
  if (!uc_context_save(core->machine, context)) return context;
  uc_context_free(context);
  return NULL;
}

EXPORT void core_restore(struct core *core, uc_context *context) { uc_context_restore(core->machine, context); }

EXPORT void core_drop(uc_context *context) { uc_context_free(context); }

EXPORT void core_free(struct core *core) {
  core_forget_memories(core);
  uc_engine *engines[] = {core->machine, core->stepper};
  for (int i = 0; i < 2; i++) {
    if (core->pristine[i]) uc_context_restore(engines[i], core->pristine[i]);
    if (engines[i]) uc_close(engines[i]);
    if (core->pristine[i]) uc_context_free(core->pristine[i]);
  }
  if (core->context) uc_context_free(core->context);
  for (uint32_t i = 0; i < core->window_count; i++) {
    struct window *window = &core->windows[i];
    if (window->base != window->home) continue;
    free(window->bytes);
    free(window->blocks);
    free(window->executed);
    free(window->stored);
  }
  core_forget_calls(core);
  free(core->debugger);
  free(core->marks);
  free(core);
}
