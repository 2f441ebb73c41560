// WFI while PRIMASK holds interrupts back: it wakes, and the handler runs when PRIMASK falls.
#include "probe.h"

void SysTick_Handler(void) {
  result[0]++;
  mark(0x100);
}

void Reset_Handler(void) {
  systick_start(10000);
  for (uint32_t i = 0; i < 6; i++) {
    __asm volatile("cpsid i");
    mark(1);
    __asm volatile("wfi");
    mark(2);
    for (volatile uint32_t k = 0; k < 400 * i; k++) {
    }
    mark(3);
    __asm volatile("cpsie i");
    mark(4);
  }
  for (;;) __asm volatile("wfi");
}
