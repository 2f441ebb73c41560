// DMA: words and bytes from memory to memory, with and without increments, to a peripheral; TCIF, its clearing, its
// interrupt; NDTR afterwards. EN and half-way flags are not shown: Renode keeps EN, and has no such flags.
#include "probe.h"

enum { DMA2 = 0x40026400, CR = 0x10, NDTR = 0x14, PAR = 0x18, M0AR = 0x1C };
enum { COMPLETE = 0x08200820 };
enum { EN = 1, TCIE = 16, TO_MEMORY = 2 << 6, TO_PERIPHERAL = 1 << 6, PINC = 1 << 9, MINC = 1 << 10 };

static void *table[128] __attribute__((aligned(1024)));
static uint32_t from[8], to[8];

static void on_any(void) {
  uint32_t number;
  __asm volatile("mrs %0, ipsr" : "=r"(number));
  mark(0x1000 + number);
  mark(REG(DMA2 + 0) & COMPLETE);
  mark(REG(DMA2 + 4) & COMPLETE);
  REG(DMA2 + 8) = 0x0F7D0F7D;
  REG(DMA2 + 0xC) = 0x0F7D0F7D;
  mark(REG(DMA2 + 0) & COMPLETE);
}

static void move(uint32_t stream, uint32_t control, const volatile void *source, volatile void *target,
                 uint32_t units) {
  uint32_t base = DMA2 + 0x18 * stream;
  REG(base + PAR) = (uint32_t)source;
  REG(base + M0AR) = (uint32_t)target;
  REG(base + NDTR) = units;
  REG(base + CR) = control;
  REG(base + CR) = control | EN;
  mark(0x2000 + REG(base + NDTR));
  mark(REG(base + CR) & 0x67F0);
  for (uint32_t n = 0; n < 4; n++) mark(to[n]);
}

void Reset_Handler(void) {
  for (uint32_t n = 0; n < 128; n++) table[n] = (void *)on_any;
  REG(0xE000ED08) = (uint32_t)table;
  for (uint32_t n = 0; n < 8; n++) from[n] = 0x11223344 * (n + 1);
  for (uint32_t line = 0; line < 8; line++) irq_enable((uint8_t[]){56, 57, 58, 59, 60, 68, 69, 70}[line]);
  mark(REG(DMA2 + CR));
  move(0, TO_MEMORY | PINC | MINC | 2 << 11 | 2 << 13, from, to, 4);
  mark(REG(DMA2 + 0) & COMPLETE);
  REG(DMA2 + 8) = 1 << 5;
  mark(REG(DMA2 + 0) & COMPLETE);
  move(1, TO_MEMORY | MINC | 2 << 11 | 2 << 13, &from[5], to, 3);
  move(2, TO_MEMORY | PINC | MINC | TCIE, from, (uint8_t *)to + 1, 5);
  move(5, TO_MEMORY | PINC | MINC | TCIE | 1 << 11 | 1 << 13, (uint16_t *)from + 3, to, 5);
  move(7, TO_MEMORY | PINC | MINC | TCIE | 2 << 11 | 2 << 13, from + 2, to, 3);
  usart_init();
  for (uint32_t n = 0; n < 6; n++) ((uint8_t *)from)[n] = "text.\n"[n];
  move(6, TO_PERIPHERAL | MINC | TCIE, (void *)0x40011028, from, 6);
  mark(0x3000);
  for (;;) __asm volatile("wfi");
}
