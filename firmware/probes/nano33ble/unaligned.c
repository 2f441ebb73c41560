// Unaligned words and halfwords, LDREX and STREX, bit field and byte-reversal instructions, division by zero.
#include "probe.h"

static uint8_t bytes[16] __attribute__((aligned(4)));

void Reset_Handler(void) {
  for (uint32_t i = 0; i < 16; i++) bytes[i] = (uint8_t)(0x11 * i);
  for (uint32_t i = 0; i < 4; i++) {
    result[0] = result[0] * 31 + REG((uint32_t)bytes + i);
    result[1] = result[1] * 31 + *(volatile uint16_t *)(bytes + i);
    REG((uint32_t)bytes + 8 + i) = result[0];
  }
  mark(result[0]);
  uint32_t old, failed;
  __asm volatile("ldrex %0, [%1]" : "=r"(old) : "r"(&result[2]) : "memory");
  __asm volatile("strex %0, %1, [%2]" : "=&r"(failed) : "r"(old + 7), "r"(&result[2]) : "memory");
  mark(failed);
  __asm volatile("ldrex %0, [%1]" : "=r"(old) : "r"(&result[2]) : "memory");
  __asm volatile("clrex");
  __asm volatile("strex %0, %1, [%2]" : "=&r"(failed) : "r"(old + 7), "r"(&result[2]) : "memory");
  mark(failed);
  uint32_t zero = 0, quotient;
  __asm volatile("udiv %0, %1, %2" : "=r"(quotient) : "r"(result[0]), "r"(zero));
  mark(quotient);
  __asm volatile("sdiv %0, %1, %2" : "=r"(quotient) : "r"(0x80000000), "r"(0xFFFFFFFF));
  mark(quotient);
  __asm volatile("rev16 %0, %1\n bfi %0, %1, #3, #11\n rbit %0, %0" : "=&r"(quotient) : "r"(result[1]));
  mark(quotient);
  for (;;) __asm volatile("wfi");
}
