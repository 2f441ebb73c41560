// Shared by the probe firmwares: register access, marks, interrupt control (nRF52840, Cortex-M4F).
#pragma once
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

// A mark is an event in the expected trace: instructions executed and virtual time at its first instruction.
__attribute__((noinline, used)) static void mark(uint32_t id) { __asm volatile("" ::"r"(id) : "memory"); }

__attribute__((used)) static volatile uint32_t result[16];

enum { IRQ_UARTE = 2, IRQ_TWI = 3, IRQ_TIMER = 8, IRQ_RTC = 11, IRQ_PDM = 29 };

static inline void irq_enable(uint32_t irq) { REG(0xE000E100 + 4 * (irq / 32)) = 1u << (irq % 32); }
static inline void irq_priority(uint32_t irq, uint8_t priority) { *(volatile uint8_t *)(0xE000E400 + irq) = priority; }
static inline void fpu_on(void) {
  REG(0xE000ED88) |= 0xFu << 20;
  __asm volatile("dsb\nisb");
}

static inline void systick_start(uint32_t load) {
  REG(0xE000E014) = load;
  REG(0xE000E018) = 0;
  REG(0xE000E010) = 7;
}

static inline void timer_start(uint32_t prescaler, uint32_t compare) {
  REG(0x40008508) = 3;
  REG(0x40008510) = prescaler;
  REG(0x40008540) = compare;
  REG(0x40008304) = 1u << 16;
  REG(0x40008000) = 1;
}

static inline void timer_rearm(void) {
  REG(0x40008140) = 0;
  REG(0x4000800C) = 1;
}

static int16_t pdm_buffer[2][320];
static inline void pdm_start(uint32_t samples) {
  REG(0x4001D504) = 0x0A000000;
  REG(0x4001D520) = 1;
  REG(0x4001D508) = 1;
  REG(0x4001D500) = 1;
  REG(0x4001D560) = (uint32_t)pdm_buffer[0];
  REG(0x4001D564) = samples;
  REG(0x4001D304) = 4;
  REG(0x4001D000) = 1;
}

static inline void pdm_clear(void) {
  REG(0x4001D100) = 0;
  REG(0x4001D108) = 0;
  (void)REG(0x4001D108);
}

static inline void uarte_init(void) {
  REG(0x40002524) = 0x01D7E000;
  REG(0x4000250C) = 6;
  REG(0x40002500) = 8;
}

static inline void uarte_write(const char *text, uint32_t length) {
  REG(0x40002544) = (uint32_t)text;
  REG(0x40002548) = length;
  REG(0x40002120) = 0;
  REG(0x40002008) = 1;
  while (!REG(0x40002120)) {
  }
}

void Reset_Handler(void);
void HardFault_Handler(void) __attribute__((weak));
void BusFault_Handler(void) __attribute__((weak));
void UsageFault_Handler(void) __attribute__((weak));
void SVC_Handler(void) __attribute__((weak));
void PendSV_Handler(void) __attribute__((weak));
void SysTick_Handler(void) __attribute__((weak));
void TIMER0_Handler(void) __attribute__((weak));
void RTC0_Handler(void) __attribute__((weak));
void IRQ20_Handler(void) __attribute__((weak));
void IRQ21_Handler(void) __attribute__((weak));
void PDM_Handler(void) __attribute__((weak));

// clang-format off
__attribute__((section(".vectors"), used)) static void *const vectors[16 + 48] = {
    [0] = (void *)0x20038000,
    [1] = Reset_Handler,
    [3] = HardFault_Handler,
    [5] = BusFault_Handler,
    [6] = UsageFault_Handler,
    [11] = SVC_Handler,
    [14] = PendSV_Handler,
    [15] = SysTick_Handler,
    [16 + IRQ_TIMER] = TIMER0_Handler,
    [16 + IRQ_RTC] = RTC0_Handler,
    [16 + 20] = IRQ20_Handler,
    [16 + 21] = IRQ21_Handler,
    [16 + IRQ_PDM] = PDM_Handler,
};
// clang-format on
