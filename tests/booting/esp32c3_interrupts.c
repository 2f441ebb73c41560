// Interrupts through the matrix: their order by priority, the threshold, edges, and alarms of the system timer.

#include "esp32c3.h"

VECTORS;

enum { FROM_CPU0 = 50, FROM_CPU1 = 51, TARGET1 = 38, LOW = 5, HIGH = 9, ALARM = 17, EDGE = 20 };
enum { CPU0 = 0x600C0028, CPU1 = 0x600C002C, CPU2 = 0x600C0030, CLEAR = 0x600C210C };
enum { SYSTIMER = 0x60023000, CONF = SYSTIMER, TARGET1_HIGH = SYSTIMER + 0x24, TARGET1_CONF = SYSTIMER + 0x38 };
enum { COMP1_LOAD = SYSTIMER + 0x54, INT_ENA = SYSTIMER + 0x64, INT_CLR = SYSTIMER + 0x6C };

static volatile int order[16], taken;
static volatile int alarms;

__attribute__((section(".fast"))) void handle(void) {
  uint32_t number = cause();
  if (taken < 16) order[taken++] = number;
  switch (number) {
    case LOW:
      REGISTER(CPU0) = 0;
      break;
    case HIGH:
      REGISTER(CPU1) = 0;
      break;
    case EDGE:
      REGISTER(CLEAR) = 1 << EDGE;
      REGISTER(CLEAR) = 0;
      break;
    case ALARM:
      alarms++;
      REGISTER(INT_CLR) = 2;
  }
}

__attribute__((noreturn)) void start(void) {
  route(0, FROM_CPU0, LOW), route(0, FROM_CPU1, HIGH), route(0, 52, EDGE), route(0, TARGET1, ALARM);
  set_priority(LOW, 2), set_priority(HIGH, 7), set_priority(EDGE, 3), set_priority(ALARM, 1);
  set_type(EDGE, 1);
  enable(1 << LOW | 1 << HIGH | 1 << EDGE | 1 << ALARM);
  set_threshold(1);
  REGISTER(CPU0) = REGISTER(CPU1) = REGISTER(CPU2) = 1;
  let_interrupts_in();
  print("order %d %d %d of %d\n", order[0], order[1], order[2], taken);
  set_threshold(3);
  REGISTER(CPU0) = 1;
  print("held back %d\n", taken);
  set_threshold(2);
  print("let in %d %d\n", order[3], taken);
  set_threshold(0);
  REGISTER(TARGET1_CONF) = 1 << 30 | 16000;
  REGISTER(COMP1_LOAD) = 1;
  REGISTER(CONF) |= 1 << 23;
  REGISTER(INT_ENA) = 2;
  while (alarms < 5) __asm__ volatile("wfi");
  print("alarms %d\n", alarms);
  delay_us(1000);
  print("end\n");
  for (;;) __asm__ volatile("wfi");
}
