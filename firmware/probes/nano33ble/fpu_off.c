// Floating point while CPACR has the FPU off: UsageFault with CFSR.NOCP; the handler turns it on and returns.
#include "probe.h"

void UsageFault_Handler(void) {
  result[0]++;
  result[1] = REG(0xE000ED28);
  REG(0xE000ED28) = result[1];
  mark(result[1]);
  fpu_on();
}

void Reset_Handler(void) {
  REG(0xE000ED24) |= 1u << 18;
  __asm volatile("dsb\nisb");
  mark(1);
  __asm volatile("vmov.f32 s0, #1.0\n vadd.f32 s0, s0, s0\n vmov %0, s0" : "=r"(result[2]));
  mark(result[2]);
  for (;;) __asm volatile("wfi");
}
