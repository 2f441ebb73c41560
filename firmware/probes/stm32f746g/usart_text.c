// Polled USART1 text between marks.
#include "probe.h"
void Reset_Handler(void) {
  usart_init();
  for (uint32_t i = 0; i < 3; i++) {
    mark(i);
    usart_write("{\"hello\":\"m7\"}\r\n");
    mark(0x100 + i);
  }
  for (;;) __asm volatile("wfi");
}
