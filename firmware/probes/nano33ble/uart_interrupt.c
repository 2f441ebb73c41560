// UARTE: the interrupt of ENDTX, whose enable comes before the transmission, and behind it.
#include "probe.h"

static char text[10];
static void *table[64] __attribute__((aligned(512)));

static void on_uarte(void) {
  mark(0x200 + REG(0x40002120));
  REG(0x40002120) = 0;
  (void)REG(0x40002120);
  result[0]++;
}

static void send(void) {
  for (uint32_t n = 0; n < 10; n++) text[n] = "two lines\n"[n];
  REG(0x40002544) = (uint32_t)text;
  REG(0x40002548) = 10;
  REG(0x40002008) = 1;
}

void Reset_Handler(void) {
  for (uint32_t n = 0; n < 64; n++) table[n] = (void *)on_uarte;
  REG(0xE000ED08) = (uint32_t)table;
  uarte_init();
  irq_enable(IRQ_UARTE);
  mark(0x100);
  REG(0x40002304) = 1u << 8;
  send();
  while (result[0] < 1) __asm volatile("wfi");
  REG(0x40002308) = 1u << 8;
  send();
  for (volatile int i = 0; i < 100; i++) {
  }
  mark(0x300 + result[0]);
  REG(0x40002304) = 1u << 8;
  while (result[0] < 2) __asm volatile("wfi");
  mark(0x400);
  for (;;) __asm volatile("wfi");
}
