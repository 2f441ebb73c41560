// Checks that a firmware makes from inside: each leaves its name and verdict in `checks`. On QEMU, with SEMIHOSTING, the
// verdicts are printed.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct check {
  const char *name;
  uint32_t passed;
};

__attribute__((used)) static struct check checks[64];
__attribute__((used)) static uint32_t check_count;

static void check(const char *name, bool passed) {
  checks[check_count].name = name;
  checks[check_count++].passed = passed;
}

#ifdef SEMIHOSTING  // QEMU prints the verdicts and ends
static void host(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm("r0") = operation;
  register const void *r1 __asm("r1") = argument;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}
static void finished(void) {
  for (uint32_t i = 0; i < check_count; i++) {
    host(4, checks[i].passed ? "ok " : "FAILED ");
    host(4, checks[i].name);
    host(4, "\n");
  }
  host(0x18, (const void *)0x20026);
}
#else
__attribute__((noinline, used)) void finished(void) { __asm volatile("" ::: "memory"); }
#endif
