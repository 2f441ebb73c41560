// Waits for a time by reading the system timer over and over, as drivers and delays do.

#include "esp32c3.h"

enum { SYSTIMER = 0x60023000, CONF = SYSTIMER, OP = SYSTIMER + 4, LOAD_HIGH = SYSTIMER + 0xC, LOAD_LOW = SYSTIMER + 0x10 };
enum { HIGH = SYSTIMER + 0x40, LOW = SYSTIMER + 0x44, LOAD = SYSTIMER + 0x5C, UPDATE = 1 << 30, VALID = 1 << 29 };

static uint64_t now(void) {
  REGISTER(OP) = UPDATE;
  while (!(REGISTER(OP) & VALID)) {
  }
  return (uint64_t)REGISTER(HIGH) << 32 | REGISTER(LOW);
}

static uint32_t cycles(void) {
  uint32_t value;
  __asm__ volatile("csrr %0, 0x7E2" : "=r"(value));
  return value;
}

__attribute__((noreturn)) void start(void) {
  uint32_t begin = cycles();
  for (uint64_t until = now() + 16000; now() < until;) {
  }
  print("waited %d\n", cycles() - begin);
  REGISTER(LOAD_HIGH) = 5, REGISTER(LOAD_LOW) = 0, REGISTER(LOAD) = 1;
  print("loaded %d\n", (int)(now() >> 32));
  REGISTER(CONF) &= ~(1 << 30);
  uint64_t stood = now();
  delay_us(100);
  print("stands %d\nend\n", now() == stood);
  for (;;) __asm__ volatile("wfi");
}
