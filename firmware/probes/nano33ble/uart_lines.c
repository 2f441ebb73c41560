// UARTE by EasyDMA: text comes out whole, takes no virtual time, and is timed by the marks around it.
#include "probe.h"

static char line[32];
void SysTick_Handler(void) { result[0]++; }
void Reset_Handler(void) {
  uarte_init();
  systick_start(63999);
  for (uint32_t n = 0; n < 10; n++) {
    const char text[] = "{\"n\":0}\r\n";
    for (uint32_t i = 0; i < sizeof text - 1; i++) line[i] = text[i];
    line[5] = (char)('0' + n);
    mark(n);
    uarte_write(line, sizeof text - 1);
    mark(0x100 + n);
    __asm volatile("wfi");
  }
  for (;;) __asm volatile("wfi");
}
