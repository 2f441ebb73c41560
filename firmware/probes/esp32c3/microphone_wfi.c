// Microphone buffers of 20 ms wake the core from WFI.
#include "probe.h"
void Trap_Handler(void) {
  REG(MIC + STATUS) = 1;
  result[0]++;
  result[1] = cause();
}
int main(void) {
  sensor_start(MIC, 16000, mic_buffer[0], 320);
  interrupts_on(1 << 17);
  for (;;) {
    __asm volatile("wfi");
    mark(result[0]);
    for (volatile int i = 0; i < 100; i++) {
    }
  }
}
