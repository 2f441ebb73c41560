// Shared by the probes for the STM32F746 platform (Cortex-M7F): marks, USART1, TIM2, I2C1.
#pragma once
#include <stdint.h>
#define REG(address) (*(volatile uint32_t *)(address))
__attribute__((noinline, used)) static void mark(uint32_t id) { __asm volatile("" ::"r"(id) : "memory"); }
__attribute__((used)) static volatile uint32_t result[16];
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
__attribute__((section(".vectors"), used)) static void *const vectors[16 + 98] = {
    [0] = (void *)0x20040000, [1] = Reset_Handler, [15] = SysTick_Handler, [16 + 28] = TIM2_Handler};
