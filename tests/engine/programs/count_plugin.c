// A plugin for QEMU's TCG: counts executed instructions from the block at `start` (else from reset) until the block at
// `stop` begins, prints them and ends QEMU.
// Distributions do not ship qemu-plugin.h, so the few prototypes of plugin API version 1 that it needs stand here.

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct qemu_plugin_tb;
typedef uint64_t plugin_id;
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*callback)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, void (*callback)(unsigned, void *), int flags,
                                          void *data);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static uint64_t start, stop, count;

static void add(unsigned core, void *instructions) {
  (void)core;
  count += (uintptr_t)instructions;
}

static void add_first(unsigned core, void *instructions) {
  count = 0;
  add(core, instructions);
}

static void end(unsigned core, void *unused) {
  (void)core, (void)unused;
  fprintf(stderr, "instructions %" PRIu64 "\n", count);
  _exit(0);
}

static void translated(plugin_id id, struct qemu_plugin_tb *block) {
  (void)id;
  uint64_t address = qemu_plugin_tb_vaddr(block);
  void (*callback)(unsigned, void *) = address == stop ? end : start && address == start ? add_first : add;
  qemu_plugin_register_vcpu_tb_exec_cb(block, callback, 0, (void *)(uintptr_t)qemu_plugin_tb_n_insns(block));
}

__attribute__((visibility("default"))) int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv) {
  (void)info;
  for (int i = 0; i < argc; i++) {
    if (!strncmp(argv[i], "start=", 6)) start = strtoull(argv[i] + 6, NULL, 0);
    if (!strncmp(argv[i], "stop=", 5)) stop = strtoull(argv[i] + 5, NULL, 0);
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  return 0;
}
