// Two threads on PSP, switched by PendSV, which SVC and SysTick ask for; one of them uses floating point.
#include "probe.h"

static uint32_t stacks[2][256] __attribute__((aligned(8)));
static uint32_t *saved[2];
static uint32_t current;

static void ask_for_switch(void) { REG(0xE000ED04) = 1u << 28; }

void SysTick_Handler(void) {
  result[0]++;
  ask_for_switch();
}

void SVC_Handler(void) {
  result[1]++;
  ask_for_switch();
}

__attribute__((used)) static uint32_t *next_stack(uint32_t *stack) {
  saved[current] = stack;
  current ^= 1;
  mark(0x100 + current);
  return saved[current];
}

__attribute__((naked)) void PendSV_Handler(void) {
  __asm volatile(
      "mrs r0, psp\n"
      "tst lr, #16\n"
      "it eq\n"
      "vstmdbeq r0!, {s16-s31}\n"
      "stmdb r0!, {r4-r11, lr}\n"
      "bl next_stack\n"
      "ldmia r0!, {r4-r11, lr}\n"
      "tst lr, #16\n"
      "it eq\n"
      "vldmiaeq r0!, {s16-s31}\n"
      "msr psp, r0\n"
      "bx lr\n");
}

static void calculating(void) {
  float sum = 0;
  for (uint32_t i = 1;; i++) {
    sum = sum * 0.5f + (float)i;
    if (i % 64 == 0) {
      result[2] = (uint32_t)sum;
      mark(result[2]);
    }
  }
}

static void asking(void) {
  for (uint32_t i = 0;; i++) {
    mark(0x200 + i % 16);
    __asm volatile("svc 0");
  }
}

static uint32_t *prepared(uint32_t *stack, void (*thread)(void)) {
  uint32_t *frame = stack + 256 - 8;
  for (int i = 0; i < 8; i++) frame[i] = 0;
  frame[6] = (uint32_t)thread & ~1u;
  frame[7] = 1u << 24;
  frame -= 9;
  for (int i = 0; i < 8; i++) frame[i] = 0;
  frame[8] = 0xFFFFFFFD;
  return frame;
}

void Reset_Handler(void) {
  fpu_on();
  *(volatile uint8_t *)0xE000ED22 = 0xE0;
  saved[1] = prepared(stacks[1], asking);
  prepared(stacks[0], calculating);
  __asm volatile("msr psp, %0\n msr control, %1\n isb" ::"r"(stacks[0] + 256), "r"(2));
  systick_start(9000);
  calculating();
}
