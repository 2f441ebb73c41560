// An undefined instruction while UsageFault is not enabled, with handlers for it and for HardFault.
#include "probe.h"

void UsageFault_Handler(void) {
  mark(6);
  for (;;) __asm volatile("wfi");
}

void HardFault_Handler(void) {
  mark(3);
  for (;;) __asm volatile("wfi");
}

void Reset_Handler(void) {
  mark(1);
  __asm volatile("udf #0");
  mark(2);
  for (;;) __asm volatile("wfi");
}
