// Results that the instruction set fixes where other cores trap or wrap, and accesses across words.
#include "probe.h"
void Trap_Handler(void) {}
#define TRY(instruction, a, b)                                                           \
  do {                                                                                   \
    uint32_t made;                                                                       \
    __asm volatile(instruction " %0, %1, %2" : "=r"(made) : "r"(a), "r"((uint32_t)(b))); \
    mark(made);                                                                          \
  } while (0)
static uint8_t bytes[16];
int main(void) {
  static const uint32_t values[] = {0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x12345678};
  for (uint32_t i = 0; i < 6; i++) {
    for (uint32_t j = 0; j < 6; j++) {
      TRY("div", values[i], values[j]);
      TRY("divu", values[i], values[j]);
      TRY("rem", values[i], values[j]);
      TRY("remu", values[i], values[j]);
      TRY("mulh", values[i], values[j]);
      TRY("mulhsu", values[i], values[j]);
      TRY("mulhu", values[i], values[j]);
      TRY("sra", values[i], values[j]);
      TRY("sltu", values[i], values[j]);
    }
  }
  for (uint32_t i = 0; i < 5; i++) {
    __asm volatile("sw %0, 0(%1)" ::"r"(values[5] + i), "r"(bytes + 3 * i % 11) : "memory");
    TRY("lhu %0, 1(%1) # ", bytes + i, 0);
    TRY("lw %0, 2(%1) # ", bytes + i, 0);
  }
  for (;;) __asm volatile("wfi");
}
