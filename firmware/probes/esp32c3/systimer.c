// The system timer: counts, targets that ring once, at once and periodically, and wake the core; units stopped and
// loaded. Marks in the handler give the counter as it reads there.
#include "probe.h"

enum { TIMER = 0x60023000, CONF = 0, OP = 4, LOAD_HI = 0xC, TARGET_HI = 0x1C, TARGET_CONF = 0x34, VALUE_HI = 0x40 };
enum { COMP_LOAD = 0x50, UNIT_LOAD = 0x5C, INT_ENA = 0x64, INT_RAW = 0x68, INT_CLR = 0x6C, INT_ST = 0x70 };
static const uint32_t RESET_CONF = 0x46000000, WORK0 = 1 << 24, UNIT1 = 1 << 29, PERIODIC = 1 << 30;
static volatile uint32_t entries;

static uint32_t count(uint32_t unit) {
  REG(TIMER + OP + 4 * unit) = 1 << 30;
  while (!(REG(TIMER + OP + 4 * unit) & 1 << 29)) {
  }
  return REG(TIMER + VALUE_HI + 8 * unit + 4);
}

void Trap_Handler(void) {
  mark(REG(TIMER + INT_ST) << 28 | count(0));
  REG(TIMER + INT_CLR) = 7;
  if (++entries % 8 == 0) REG(TIMER + CONF) = RESET_CONF;
}

static void at(uint32_t target) {
  REG(TIMER + CONF) = RESET_CONF;
  REG(TIMER + TARGET_CONF) = 0;
  REG(TIMER + TARGET_HI) = 0;
  REG(TIMER + TARGET_HI + 4) = target;
  REG(TIMER + COMP_LOAD) = 1;
  REG(TIMER + CONF) = RESET_CONF | WORK0;
}

static void every(uint32_t period) {
  REG(TIMER + CONF) = RESET_CONF;
  REG(TIMER + TARGET_CONF) = period;
  REG(TIMER + COMP_LOAD) = 1;
  REG(TIMER + TARGET_CONF) = PERIODIC | period;
  REG(TIMER + CONF) = RESET_CONF | WORK0;
}

int main(void) {
  mark(REG(TIMER + CONF));
  mark(count(0));
  for (volatile int i = 0; i < 33; i++) {
  }
  mark(count(0));
  mark(count(1));
  REG(TIMER + INT_ENA) = 1;
  interrupts_on(1 << 20);
  at(count(0) + 777);
  while (entries < 1) {
  }
  mark(REG(TIMER + INT_RAW));
  at(5);
  mark(entries);
  at(count(0) + 20001);
  __asm volatile("wfi");
  mark(count(0));
  entries = 0;
  every(1601);
  while (entries < 8) {
    __asm volatile("wfi");
    mark(entries);
  }
  entries = 0;
  every(333);
  while (entries < 8) {
    for (volatile int i = 0; i < 7; i++) {
    }
  }
  mark(count(0));
  REG(TIMER + CONF) = 0;
  uint32_t stood = count(0);
  for (volatile int i = 0; i < 33; i++) {
  }
  mark(count(0) - stood);
  REG(TIMER + LOAD_HI) = 3;
  REG(TIMER + LOAD_HI + 4) = 0x1000;
  REG(TIMER + UNIT_LOAD) = 1;
  REG(TIMER + CONF) = RESET_CONF | UNIT1;
  for (volatile int i = 0; i < 33; i++) {
  }
  mark(count(0));
  mark(REG(TIMER + VALUE_HI));
  mark(count(1));
  for (;;) __asm volatile("wfi");
}
