// Traps and control registers: ecall and ebreak, WFI under a mask, the counters, an interrupt that csrsi lets through.
#include "probe.h"
static volatile uint32_t traps;
void Trap_Handler(void) {
  uint32_t c = cause(), mepc;
  __asm volatile("csrr %0, mepc" : "=r"(mepc));
  result[traps++ & 3] = c;
  if (c >> 31) {
    REG(MIC + STATUS) = 1;
  } else {
    mepc += (*(volatile uint16_t *)mepc & 3) == 3 ? 4 : 2;
    __asm volatile("csrw mepc, %0" ::"r"(mepc));
  }
  mark(c);
}
int main(void) {
  interrupts_on(1 << 17);
  __asm volatile("ecall\n .half 0x9002\n .half 0");  // ecall, c.ebreak, an illegal instruction
  mark(1);
  __asm volatile("csrci mstatus, 8");
  sensor_start(MIC, 16000, mic_buffer[0], 32);
  __asm volatile("wfi");
  mark(2);
  uint32_t pending, first, second, third, fourth;
  __asm volatile("csrr %0, mip" : "=r"(pending));
  result[4] = pending;
  __asm volatile("csrsi mstatus, 8");
  mark(3);
  __asm volatile(
      "csrr %0, minstret\n csrr %0, minstret\n nop\n nop\n nop\n csrr %1, minstret\n csrr %2, mcycle\n wfi\n csrr %3, "
      "mcycle"
      : "=&r"(first), "=&r"(second), "=&r"(third), "=&r"(fourth));
  result[5] = second - first;
  result[6] = fourth - third;
  uint32_t old;
  __asm volatile("csrw mscratch, %1\n csrrsi %0, mscratch, 3\n csrrc %0, mscratch, %1" : "=&r"(old) : "r"(0x50));
  result[7] = old;
  __asm volatile("csrr %0, mstatus" : "=r"(old));
  result[8] = old & 0x88;
  mark(4);
  for (;;) __asm volatile("wfi");
}
