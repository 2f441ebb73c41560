// PRIMASK and BASEPRI hold interrupts back; software-pended interrupts run as soon as they are let through.
#include "probe.h"

void IRQ20_Handler(void) {
  result[0]++;
  mark(0x20);
}

void IRQ21_Handler(void) {
  result[1]++;
  mark(0x21);
}

void PendSV_Handler(void) {
  result[2]++;
  mark(0x14);
}

void SVC_Handler(void) {
  result[3]++;
  REG(0xE000ED04) = 1u << 28;
  __asm volatile("dsb\nisb");
  mark(0x11);
}

static void pend(uint32_t irq) {
  REG(0xE000E200) = 1u << irq;
  __asm volatile("dsb\nisb");
}

void Reset_Handler(void) {
  irq_priority(20, 0x80);
  irq_priority(21, 0x40);
  *(volatile uint8_t *)0xE000ED22 = 0xE0;
  irq_enable(20);
  irq_enable(21);
  for (int round = 0; round < 4; round++) {
    mark(1);
    __asm volatile("cpsid i");
    pend(20);
    pend(21);
    mark(2);
    __asm volatile("cpsie i");
    mark(3);
    __asm volatile("msr basepri, %0" ::"r"(0x60));
    pend(20);
    pend(21);
    mark(4);
    __asm volatile("msr basepri, %0" ::"r"(0));
    mark(5);
    __asm volatile("svc 0");
    mark(6);
  }
  for (;;) __asm volatile("wfi");
}
