// The word right behind RAM.
#include "probe.h"
int main(void) {
  mark(1);
  REG(0x3fce0000) = 0x12345678;
  mark(2);
  result[0] = REG(0x3fce0000);
  mark(3);
  for (;;) __asm volatile("wfi");
}
