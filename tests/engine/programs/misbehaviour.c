// Firmware that goes wrong in the way that MISBEHAVIOUR names. UART and its interrupt are where the test says.

#include <stdint.h>

#ifndef UART
#define UART 0x40002000
#define UART_IRQ 2
#endif
#define REG(address) (*(volatile uint32_t *)(address))

static char text[32];

static void print(const char *line) {
  uint32_t length = 0;
  while (line[length]) text[length] = line[length], length++;
  REG(UART + 0x544) = (uint32_t)text;
  REG(UART + 0x548) = length;
  REG(UART + 0x120) = 0;
  REG(UART + 0x008) = 1;
}

void read_nothing(void) { (void)REG(0x60000014); }
void run_nothing(void) { ((void (*)(void))0x60000001)(); }
void undefined(void) { __asm volatile("udf #0"); }
void no_stack(void) { __asm volatile("mov sp, %0\nsvc 0" ::"r"(0x20080000)); }
void reset_itself(void) { REG(0xE000ED0C) = 0x05FA0004; }
void use_float(void) { __asm volatile("vmov.f32 s0, #1.0"); }
void branch_even(void) { ((void (*)(void))((uint32_t)read_nothing & ~1u))(); }
void return_garbage(void) { __asm volatile("mov lr, %0\nbx lr" ::"r"(0xFFFFFFF1)); }
void call_null(void) { ((void (*)(void))0)(); }
void run_device(void) { ((void (*)(void))(UART | 1))(); }
void overflow(void) { __asm volatile("1: push {r0-r7}\nb 1b"); }  // of the stack, down and out of RAM
#ifdef INSTRUCTIONS
void instructions(void) {
  REG(0xE000ED88) |= 0xF << 20;
  __asm volatile("dsb\nisb\n" INSTRUCTIONS);
  print("passed\r\n");
  for (;;) __asm volatile("wfi");
}
#endif
void spin(void) {
  for (;;) {
  }
}
void sleep(void) {
  for (;;) __asm volatile("wfi");
}

void chatter(void) {
  for (;;) print("on and on\r\n");
}
void mutter(void) {  // without a line end
  for (;;) print("on and on ");
}

static uint32_t sum;

void poke(void) {  // of a register that is written the core never knows the answer
  for (;;) REG(UART + 0x508) = sum += REG(UART + 0x508);
}

void poll(void) {
  for (;;) sum += REG(0x4001D504 + (sum & 4)) + REG(0x40002120);  // the microphone's registers, and the UART's
}

void mark_on_and_on(void) {
  for (;;) __asm volatile("mark: b next\nnext:");
}

void storm(void) {  // the interrupt is never cleared, so it is raised again at once
  REG(UART + 0x304) = 1u << 8;
  REG(0xE000E100 + 4 * (UART_IRQ / 32)) = 1u << (UART_IRQ % 32);
  print("storm\r\n");
  for (;;) {
  }
}

void UART_Handler(void) {
#ifdef QUIET
  REG(UART + 0x308) = 1u << 8;
  print("interrupt\r\n");
#endif
}

void no_handler(void) {
  REG(0xE000E100) = 1u << 5;
  REG(0xE000E200) = 1u << 5;
  for (;;) {
  }
}

void HardFault_Handler(void) {
  print("fault handled\r\n");
#ifdef FAULTY_HANDLER
  FAULTY_HANDLER();
#endif
  for (;;) __asm volatile("wfi");
}

void Reset_Handler(void) {
  REG(UART + 0x500) = 8;
  print("hello\r\n");
  MISBEHAVIOUR();
}

__attribute__((section(".vectors"), used)) static void *const vectors[16 + 48] = {[0] = (void *)0x20010000,
                                                                                  [1] = Reset_Handler,
#ifdef HANDLER
                                                                                  [3] = HardFault_Handler,
#endif
                                                                                  [16 + UART_IRQ] = UART_Handler};
