// Shared by the probes for the ESP32-C3-class platform (RV32IMC): marks, trap entry, UART, sensor FIFO.
#pragma once
#include <stdint.h>
#define REG(address) (*(volatile uint32_t *)(address))
enum { MIC = 0x60030000, IMU = 0x60031000, CONTROL = 0, RATE = 4, POINTER = 8, LENGTH = 0xC, STATUS = 0x10 };
__attribute__((noinline, used)) static void mark(uint32_t id) { __asm volatile("" ::"r"(id) : "memory"); }
__attribute__((used)) static volatile uint32_t result[16];
static int16_t mic_buffer[2][320], imu_buffer[2][75];
static inline void sensor_start(uint32_t base, uint32_t rate, void *buffer, uint32_t frames) {
  REG(base + RATE) = rate;
  REG(base + POINTER) = (uint32_t)buffer;
  REG(base + LENGTH) = frames;
  REG(base + CONTROL) = 3;
}
static inline void uart_write(const char *text) {
  for (; *text; text++) REG(0x60000000) = (uint8_t)*text;
}
void Trap_Handler(void) __attribute__((interrupt("machine"), aligned(4)));
static inline void interrupts_on(uint32_t mask) {
  __asm volatile("csrw mtvec, %0" ::"r"((uint32_t)Trap_Handler));
  __asm volatile("csrw mie, %0" ::"r"(mask));
  __asm volatile("csrsi mstatus, 8");
}
static inline uint32_t cause(void) {
  uint32_t c;
  __asm volatile("csrr %0, mcause" : "=r"(c));
  return c;
}
int main(void);
__attribute__((naked, section(".init"))) void _start(void) { __asm volatile("lui sp, 0x3fcd0\n jal main\n 1: j 1b\n"); }
