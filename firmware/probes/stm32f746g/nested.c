// The microphone's interrupt comes amid handlers of SysTick and TIM2; all three compute with floats.
#include "probe.h"
static volatile float sums[4];
static float work(uint32_t which, float step) {
  float sum = sums[which];
  for (int i = 0; i < 40; i++) sum = sum * 0.75f + step / (sum + 2.0f);
  sums[which] = sum;
  return sum;
}
void SysTick_Handler(void) {
  result[0]++;
  work(0, 1.0f);
}
void TIM2_Handler(void) {
  REG(0x40000010) = 0;
  result[1]++;
  work(1, 3.0f);
}
void MIC_Handler(void) {
  REG(MIC + STATUS) = 1;
  result[2]++;
  mark((uint32_t)(work(2, 5.0f) * 1000.0f));
}
__attribute__((noinline)) static void run(void) {
  *(volatile uint8_t *)0xE000ED23 = 0x80;  // SysTick
  irq_priority(IRQ_TIM2, 0x40);
  irq_priority(IRQ_MIC, 0x00);
  irq_enable(IRQ_TIM2);
  irq_enable(IRQ_MIC);
  REG(0x40000028) = 0;
  REG(0x4000002C) = 9973;
  REG(0x40000014) = 1;
  REG(0x40000010) = 0;
  REG(0x4000000C) = 1;
  REG(0x40000000) = 1;
  REG(0xE000E014) = 8999;
  REG(0xE000E018) = 0;
  REG(0xE000E010) = 7;
  sensor_start(16000, mic_buffer[0], 2);
  for (uint32_t n = 0;; n++) {
    work(3, 7.0f);
    if (n % 64 == 63) {
      mark(0x10000 + n);
      __asm volatile("wfi");
    }
  }
}
void Reset_Handler(void) {
  REG(0xE000ED88) |= 0xFu << 20;
  __asm volatile("dsb\nisb");
  run();  // which keeps floats in registers from its first instruction on
}
