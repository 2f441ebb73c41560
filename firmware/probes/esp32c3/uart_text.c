// Polled UART text between marks.
#include "probe.h"
void Trap_Handler(void) {}
int main(void) {
  for (uint32_t i = 0; i < 3; i++) {
    mark(i);
    uart_write("{\"hello\":\"c3\"}\r\n");
    mark(0x100 + i);
  }
  for (;;) {
  }
}
