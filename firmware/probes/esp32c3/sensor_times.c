// TIME_US of buffers whose periods are no whole number of microseconds, of nanoseconds, or of the core's time grid.
#include "probe.h"
enum { BUFFERS = 0x18, TIME_US = 0x1C };
void Trap_Handler(void) {
  REG(MIC + STATUS) = 1;
  mark(REG(MIC + TIME_US));
}
int main(void) {
  interrupts_on(1 << 17);
  static const uint32_t rates[] = {48000, 44100, 999983};
  for (uint32_t i = 0; i < 3; i++) {
    uint32_t before = REG(MIC + BUFFERS);
    sensor_start(MIC, rates[i], mic_buffer[0], 3 * i + 1);
    while (REG(MIC + BUFFERS) < before + 10) __asm volatile("wfi");
    REG(MIC + CONTROL) = 0;
    mark(1000000 + i);
  }
  for (;;) __asm volatile("wfi");
}
