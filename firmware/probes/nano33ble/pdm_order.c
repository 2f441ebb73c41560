// PDM: the handler hands over two buffers in turn; each sample says which one it is. Twice as long buffers on the way,
// then a microphone that has run dry.
#include "probe.h"

static uint32_t ends;

void PDM_Handler(void) {
  mark(0x100 + REG(0x4001D100) + 2 * REG(0x4001D108));
  pdm_clear();
  REG(0x4001D560) = (uint32_t)pdm_buffer[++ends & 1];
  mark((uint32_t)(uint16_t)pdm_buffer[~ends & 1][0]);
  mark((uint32_t)(uint16_t)pdm_buffer[~ends & 1][159]);
  if (ends == 4) REG(0x4001D564) = 320;
  if (ends == 7) {
    REG(0x4001D004) = 1;
    mark(0x200 + REG(0x4001D104));
  }
}

void Reset_Handler(void) {
  irq_enable(IRQ_PDM);
  pdm_start(160);
  for (;;) {
    __asm volatile("wfi");
    result[0]++;
  }
}
