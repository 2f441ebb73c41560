// Calls a function that the ROM stand-in has not: of Wi-Fi.

#include "esp32c3.h"

VECTORS;

void handle(void) {
  for (;;) {
  }
}

__attribute__((noreturn)) void start(void) {
  let_interrupts_in();
  ROM(0x400015b0, void (*)(void))();
  for (;;) __asm__ volatile("wfi");
}
