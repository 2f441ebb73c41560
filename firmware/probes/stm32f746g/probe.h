// Shared by the probes for the STM32F746 platform (Cortex-M7F): marks, interrupts, USART1, the lab's sensor.
#pragma once
#include <stdint.h>
#define REG(address) (*(volatile uint32_t *)(address))
enum { MIC = 0x40015000, CONTROL = 0, RATE = 4, POINTER = 8, LENGTH = 0xC, STATUS = 0x10 };
enum { OVERRUNS = 0x14, BUFFERS = 0x18, TIME_US = 0x1C, CHANNELS = 0x20, ID = 0x24 };
enum { IRQ_TIM2 = 28, IRQ_MIC = 87 };
__attribute__((noinline, used)) static void mark(uint32_t id) { __asm volatile("" ::"r"(id) : "memory"); }
__attribute__((used)) static volatile uint32_t result[16];
static int16_t mic_buffer[2][320];
static inline void sensor_start(uint32_t rate, void *buffer, uint32_t frames) {
  REG(MIC + RATE) = rate;
  REG(MIC + POINTER) = (uint32_t)buffer;
  REG(MIC + LENGTH) = frames;
  REG(MIC + CONTROL) = 3;
}
static inline void irq_enable(uint32_t irq) { REG(0xE000E100 + 4 * (irq / 32)) = 1u << (irq % 32); }
static inline void irq_priority(uint32_t irq, uint8_t priority) { *(volatile uint8_t *)(0xE000E400 + irq) = priority; }
static inline void usart_init(void) { REG(0x40011000) = 0xD; }
static inline void usart_write(const char *text) {
  for (; *text; text++) {
    while (!(REG(0x4001101C) & 0x80)) {
    }
    REG(0x40011028) = (uint8_t)*text;
  }
}
void Reset_Handler(void);
void SysTick_Handler(void) __attribute__((weak));
void TIM2_Handler(void) __attribute__((weak));
void MIC_Handler(void) __attribute__((weak));
// clang-format off
__attribute__((section(".vectors"), used)) static void *const vectors[16 + 98] = {
    [0] = (void *)0x20040000,
    [1] = Reset_Handler,
    [15] = SysTick_Handler,
    [16 + IRQ_TIM2] = TIM2_Handler,
    [16 + IRQ_MIC] = MIC_Handler,
};
// clang-format on
