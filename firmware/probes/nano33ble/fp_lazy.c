// Where an exception leaves room for floats, they are stacked when its handler first uses one, and not at all if none.
#include "probe.h"

static volatile float value;

static uint32_t stacked(uint32_t register_number) { return REG(REG(0xE000EF38) + 4 * register_number); }

void IRQ20_Handler(void) {
  mark(REG(0xE000EF34) & 0xC0000001);
  mark(stacked(4));
}

void IRQ21_Handler(void) {
  mark(stacked(4));
  value = value * 2.0f;
  mark(REG(0xE000EF34) & 0xC0000001);
  mark(stacked(4));
}

static void pend(uint32_t irq, uint32_t bits) {
  __asm volatile(
      "vmov s4, %1\n"
      "str %0, [%2]\n"
      "dsb\n"
      "isb\n"
      "vmov %1, s4\n"
      : "+r"(irq), "+r"(bits)
      : "r"(0xE000E200)
      : "s4", "memory");
  mark(bits);
}

void Reset_Handler(void) {
  fpu_on();
  irq_enable(20);
  irq_enable(21);
  value = 1.5f;
  for (uint32_t round = 0; round < 2; round++) {
    pend(1u << 20, 0x1111 + round);
    pend(1u << 21, 0x2222 + round);
    pend(1u << 20, 0x3333 + round);
    REG(0xE000EF34) = 0x80000000;
  }
  result[0] = (uint32_t)value;
  for (;;) __asm volatile("wfi");
}
