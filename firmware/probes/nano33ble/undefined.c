// An undefined instruction: UsageFault with CFSR.UNDEFINSTR; the handler skips it and returns. result[0] faults, [1]
// CFSR.
#include "probe.h"

__attribute__((naked)) void UsageFault_Handler(void) {
  __asm volatile(
      "ldr r0, =0xE000ED28\n ldr r1, [r0]\n ldr r2, =result\n str r1, [r2, #4]\n str r1, [r0]\n ldr r1, [r2]\n adds "
      "r1, #1\n str r1, [r2]\n"
      "ldr r1, [sp, #24]\n adds r1, #2\n str r1, [sp, #24]\n bx lr\n");
}

void Reset_Handler(void) {
  REG(0xE000ED24) |= 1u << 18;
  __asm volatile("dsb\nisb");
  for (uint32_t i = 0; i < 3; i++) {
    mark(i);
    __asm volatile("udf #0");
    mark(0x100 + i);
  }
  for (;;) __asm volatile("wfi");
}
