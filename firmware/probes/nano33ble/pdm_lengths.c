// PDM: the events come at a whole number of buffers a second, whatever that does to the rate of the samples.
#include "probe.h"

static const uint16_t lengths[] = {500, 512, 640, 256, 1000, 30};
static int16_t buffer[1024];
static uint32_t ends;

void PDM_Handler(void) {
  pdm_clear();
  mark(REG(0x4001D564));
  result[ends] = (uint16_t)buffer[0];
  if (++ends < sizeof lengths / sizeof lengths[0]) {
    REG(0x4001D564) = lengths[ends];
  } else {
    REG(0x4001D308) = 4;
  }
}

void Reset_Handler(void) {
  irq_enable(IRQ_PDM);
  pdm_start(lengths[0]);
  REG(0x4001D560) = (uint32_t)buffer;
  for (;;) __asm volatile("wfi");
}
