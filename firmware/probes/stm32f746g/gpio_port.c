// GPIO: registers after reset, levels by ODR, BSRR and BRR, mode, speed and pull, accesses of 16 bits.
#include "probe.h"

enum { A = 0x40020000, B = 0x40020400, MODER = 0, OSPEEDR = 8, PUPDR = 0xC, IDR = 0x10, ODR = 0x14 };
enum { BSRR = 0x18, AFRL = 0x20, AFRH = 0x24, BRR = 0x28 };

static void show(uint32_t port) {
  mark(REG(port + IDR));
  mark(REG(port + ODR));
}

void Reset_Handler(void) {
  mark(REG(A + MODER));
  mark(REG(B + MODER));
  mark(REG(B + OSPEEDR));
  mark(REG(A + PUPDR));
  show(A);
  REG(A + MODER) = 0x55555555;
  REG(A + ODR) = 0xF00F;
  show(A);
  REG(A + BSRR) = 0x00FF0010;
  show(A);
  REG(A + BSRR) = 0x00300030;  // both: of a pin
  show(A);
  REG(A + BRR) = 0x8000;
  show(A);
  *(volatile uint16_t *)(A + ODR) = 0x1234;
  show(A);
  *(volatile uint16_t *)(A + BSRR + 2) = 0x0004;
  show(A);
  mark(*(volatile uint16_t *)(A + IDR));
  mark(REG(A + BSRR));
  REG(A + MODER) = 0;
  show(A);
  REG(A + OSPEEDR) = 0xC0000003;
  REG(A + PUPDR) = 0x40000001;
  REG(A + AFRL) = 0x76543210;
  REG(A + AFRH) = 0x0000000B;
  mark(REG(A + OSPEEDR));
  mark(REG(A + PUPDR));
  mark(REG(A + AFRL));
  mark(REG(A + AFRH));
  show(B);
  for (;;) __asm volatile("wfi");
}
