// What firmware reads in the system control block, before and after it has switched the caches on.
#include "probe.h"
static void read(uint32_t address) { mark(REG(address)); }
void Reset_Handler(void) {
  read(0xE000ED04);     // ICSR
  read(0xE000ED08);     // VTOR
  read(0xE000ED10);     // SCR
  read(0xE000ED24);     // SHCSR
  read(0xE000ED88);     // CPACR
  REG(0xE000EF50) = 0;  // ICIALLU
  REG(0xE000ED14) |= 3u << 16;
  __asm volatile("dsb\nisb");
  REG(0xE000ED08) = 0x08000100;
  read(0xE000ED08);
  REG(0xE000ED0C) = 0x05FA0300;
  REG(0xE000EDFC) |= 1u << 24;
  REG(0xE0001000) = 1;
  read(0xE0001004);  // CYCCNT
  read(0xE0001004);
  for (;;) __asm volatile("wfi");
}
