// The interrupt matrix, with the system timer's three targets as sources: the order by priority and number, thresholds,
// an edge, sources that share an interrupt, and what its registers read.
#include "probe.h"
enum { TIMER = 0x60023000, TARGET_LO = 0x20, TARGET_CONF = 0x34, COMP_LOAD = 0x50, INT_ENA = 0x64, INT_CLR = 0x6C };
enum { MATRIX = 0x600C2000, STATUS1 = 0xFC, ENABLE = 0x104, TYPE = 0x108, CLEAR = 0x10C, EIP = 0x110, PRI = 0x114 };
enum { THRESH = 0x194, SOURCE = 37, LOW = 5, HIGH = 9, EDGE = 20 };
static volatile uint32_t entries;
void Trap_Handler(void) {
  uint32_t number = cause() & 0x1F;
  mark(0x100 + number);
  mark(REG(MATRIX + EIP));
  mark(REG(MATRIX + STATUS1));
  if (number == LOW) REG(TIMER + INT_CLR) = 1;
  if (number == HIGH) REG(TIMER + INT_CLR) = 2;
  if (number == EDGE) {
    REG(MATRIX + CLEAR) = 1 << EDGE;
    REG(MATRIX + CLEAR) = 0;
  }
  entries++;
}
static void map(uint32_t target, uint32_t number, uint32_t priority) {
  REG(MATRIX + 4 * (SOURCE + target)) = number;
  REG(MATRIX + PRI + 4 * number) = priority;
}
static void ring(uint32_t targets) {  // which are past, so that they ring at once
  REG(MATRIX + ENABLE) = 0;
  for (uint32_t n = 0; n < 3; n++) REG(TIMER + TARGET_LO + 8 * n) = 5, REG(TIMER + COMP_LOAD + 4 * n) = 1;
  REG(TIMER) = 0x46000000;
  REG(TIMER) = 0x46000000 | targets << 22;
  REG(MATRIX + ENABLE) = 1 << LOW | 1 << HIGH | 1 << EDGE;
}
int main(void) {
  for (uint32_t at = 0xF4; at < 0x114; at += 4) mark(REG(MATRIX + at));
  mark(REG(MATRIX + 0x7FC));
  map(0, LOW, 2);
  map(1, HIGH, 7);
  map(2, EDGE, 3);
  REG(MATRIX + TYPE) = 1 << EDGE;
  REG(MATRIX + THRESH) = 1;
  REG(TIMER + INT_ENA) = 7;
  interrupts_on(0);
  ring(7);
  mark(entries);
  REG(TIMER + INT_CLR) = 7;
  ring(7);
  mark(entries);
  REG(TIMER + INT_CLR) = 7;
  REG(MATRIX + THRESH) = 3;
  ring(3);
  mark(entries);
  mark(REG(MATRIX + EIP));
  REG(MATRIX + THRESH) = 2;
  mark(entries);
  REG(TIMER + INT_CLR) = 7;
  map(0, HIGH, 7);
  map(1, HIGH, 7);
  REG(MATRIX + THRESH) = 0x18;
  mark(REG(MATRIX + THRESH));
  ring(2);
  mark(REG(MATRIX + EIP));
  REG(MATRIX + THRESH) = 0;
  mark(entries);
  map(1, 0, 1);  // 0 is none
  ring(2);
  mark(entries);
  REG(TIMER + INT_CLR) = 7;
  map(0, LOW, 0);  // nor is priority 0
  ring(1);
  mark(entries);
  map(0, LOW, 1);
  mark(entries);
  for (;;) __asm volatile("wfi");
}
