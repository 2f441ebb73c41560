// SysTick while the core is busy in a two-instruction loop; LOAD is not a multiple of the time grid.
#include "probe.h"

void SysTick_Handler(void) { result[0]++; }
void Reset_Handler(void) {
  systick_start(6402);
  for (;;) __asm volatile("nop");
}
