// Floating point in thread and handler: lazy stacking must keep both correct. result[1] is a checksum of the thread's
// sums.
#include "probe.h"

static volatile float handler_sum;
void SysTick_Handler(void) {
  float x = handler_sum;
  for (int i = 1; i < 8; i++) x = x * 0.75f + (float)i;
  handler_sum = x;
  result[0]++;
}

__attribute__((noinline)) static void work(void) {
  systick_start(3001);
  for (uint32_t round = 0; round < 40; round++) {
    float a = 1.0f, b = 0.5f, c = 2.0f;
    for (int i = 0; i < 200; i++) {
      a = a * 0.999f + b;
      b = b * 0.5f + c * 0.001f;
      c = c - a * 0.0001f;
    }
    union {
      float f;
      uint32_t u;
    } bits = {.f = a + b + c};
    result[1] = result[1] * 31 + bits.u;
    mark(round);
  }
  union {
    float f;
    uint32_t u;
  } bits = {.f = handler_sum};
  result[2] = bits.u;
  mark(0xF00D);
  for (;;) __asm volatile("wfi");
}

void Reset_Handler(void) {
  fpu_on();
  work();
}
