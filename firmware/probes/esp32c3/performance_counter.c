// The core's performance counter (mpcer, mpcmr, mpccr): stopped, set, without an event, and across WFI and an
// interrupt.
#include "probe.h"
#define CSR(number)                                    \
  ({                                                   \
    uint32_t value;                                    \
    __asm volatile("csrr %0, " #number : "=r"(value)); \
    value;                                             \
  })
#define SET_CSR(number, value) __asm volatile("csrw " #number ", %0" ::"r"(value))
static volatile uint32_t traps;
void Trap_Handler(void) {
  REG(MIC + STATUS) = 1;
  traps++;
  mark(cause());
}
int main(void) {
  result[0] = CSR(0x7E0) << 16 | CSR(0x7E1);
  SET_CSR(0x7E0, 0xFFFFFFFF);
  SET_CSR(0x7E1, 0xFFFFFFFE);
  result[1] = CSR(0x7E0) << 16 | CSR(0x7E1);
  mark(1);
  SET_CSR(0x7E2, 0xFFFFFFF0);
  __asm volatile("nop\n nop\n nop");
  result[2] = CSR(0x7E2);
  SET_CSR(0x7E1, 1);  // counts on, and over its end
  __asm volatile("nop\n nop\n nop\n nop\n nop\n nop\n nop\n nop");
  mark(2);
  result[3] = CSR(0x7E2);
  SET_CSR(0x7E0, 1 << 5);  // an event that never comes
  mark(3);
  result[4] = CSR(0x7E2);
  __asm volatile("nop\n nop\n nop");
  mark(4);
  result[5] = CSR(0x7E2) - result[4];
  SET_CSR(0x7E0, 1);
  SET_CSR(0x7E2, 1000);
  mark(5);
  result[6] = CSR(0x7E2);
  interrupts_on(1 << 17);
  sensor_start(MIC, 16000, mic_buffer[0], 32);
  while (traps < 2) __asm volatile("wfi");
  mark(6);
  result[7] = CSR(0x7E2);
  uint32_t first, second;
  __asm volatile("csrr %0, 0x7E2\n csrr %0, 0x7E2\n nop\n nop\n csrr %1, 0x7E2" : "=&r"(first), "=&r"(second));
  result[8] = second - first;
  __asm volatile("csrrs %0, 0x7E2, zero\n csrrci %1, 0x7E1, 1" : "=&r"(first), "=&r"(second));
  result[9] = second;
  mark(7);
  result[10] = CSR(0x7E2) - first;
  for (;;) __asm volatile("wfi");
}
