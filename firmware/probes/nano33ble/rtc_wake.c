// RTC: compare events wake the core from WFI; COUNTER as the handler reads it; a compare value that was passed already.
#include "probe.h"

void RTC0_Handler(void) {
  mark(REG(0x4000B504));
  REG(0x4000B140) = 0;
  if (++result[0] < 4) REG(0x4000B540) = 10 * (result[0] + 1);
}

void Reset_Handler(void) {
  irq_enable(IRQ_RTC);
  REG(0x4000B508) = 2;
  REG(0x4000B540) = 10;
  REG(0x4000B544) = 23;
  REG(0x4000B344) = 3u << 16;
  REG(0x4000B304) = 1u << 16;
  REG(0x4000B000) = 1;
  while (result[0] < 4) {
    __asm volatile("wfi");
    mark(0x100 + REG(0x4000B504));
  }
  result[1] = REG(0x4000B144);
  REG(0x4000B004) = 1;
  result[2] = REG(0x4000B504);
  mark(result[2]);
  REG(0x4000B008) = 1;
  result[3] = REG(0x4000B504);
  mark(result[3]);
  for (;;) __asm volatile("wfi");
}
