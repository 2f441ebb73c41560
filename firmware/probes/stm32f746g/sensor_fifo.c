// The sensor FIFO by itself: refused values, arming late in a long block, polling, overruns, exhaustion, stopping and
// starting again. The microphone hears 1, 2, 3, ... 100.
#include "probe.h"
void MIC_Handler(void) {
  REG(MIC + STATUS) = 1;
  mark(REG(MIC + TIME_US));
}
static void poll(uint32_t buffers) {
  while (REG(MIC + BUFFERS) < buffers) {
  }
}
void Reset_Handler(void) {
  result[0] = REG(MIC + ID);
  result[1] = REG(MIC + CHANNELS);
  REG(MIC + CONTROL) = 1;  // RATE and LENGTH are 0
  result[2] = REG(MIC + STATUS) << 8 | REG(MIC + CONTROL);
  REG(MIC + STATUS) = 8;
  REG(MIC + RATE) = 16000;
  REG(MIC + POINTER) = (uint32_t)mic_buffer[0];
  REG(MIC + LENGTH) = 32;
  __asm volatile(".rept 300\n nop\n .endr\n str %0, [%1]\n .rept 50\n nop\n .endr" ::"r"(1), "r"(MIC) : "memory");
  poll(1);
  mark(1);
  poll(3);
  mark(2);
  result[3] = REG(MIC + STATUS) << 16 | REG(MIC + OVERRUNS);
  result[4] = (uint32_t)mic_buffer[0][0] << 16 | (uint16_t)mic_buffer[0][31];
  irq_enable(IRQ_MIC);
  REG(MIC + CONTROL) = 3;  // END is set: the interrupt comes at once
  mark(3);
  poll(4);  // 128 samples: 28 of them were never fed
  mark(4);
  result[5] = REG(MIC + STATUS) << 16 | (uint16_t)mic_buffer[0][3] << 8 | (uint16_t)mic_buffer[0][4];
  REG(MIC + CONTROL) = 2;
  for (volatile int i = 0; i < 5000; i++) {
  }
  result[6] = REG(MIC + BUFFERS) << 8 | REG(MIC + STATUS);
  REG(MIC + LENGTH) = 16;
  REG(MIC + CONTROL) = 3;
  mark(5);
  for (int i = 0; i < 3; i++) __asm volatile("wfi");
  result[7] = REG(MIC + BUFFERS) << 16 | REG(MIC + OVERRUNS);
  REG(MIC + CONTROL) = 0;
  mark(6);
  for (;;) __asm volatile("wfi");
}
