// Calls of every kind that a compiler makes, each function so often that it can be counted by hand. For a bare
// Cortex-M4 or RV32IMC. On the Cortex-M4 SysTick interrupts every `period` clocks, unless that is 0.

#include <stdint.h>

#define APART __attribute__((noinline, noclone, used))

void finished(uint32_t mark);
void work(void);

#ifdef __riscv
__attribute__((naked, section(".init"), used)) void _start(void) {
  __asm volatile("lui sp, 0x80010\n call work\n li a0, 1\n call finished");
}
static void start_interrupts(void) {}
#else
#define SYSTICK ((volatile uint32_t *)0xE000E010)
volatile uint32_t period;
void Reset_Handler(void) {
  work();
  finished(1);
}
APART void tick(void) { __asm volatile(""); }
APART void SysTick_Handler(void) {
  tick();
  __asm volatile("");
}
__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    [0] = (void *)0x20010000, [1] = Reset_Handler, [15] = SysTick_Handler};
static void start_interrupts(void) {
  if (!period) return;
  SYSTICK[1] = period - 1;
  SYSTICK[2] = 0;
  SYSTICK[0] = 7;
}
#endif

static volatile uint32_t sink;

APART uint32_t leaf(uint32_t n) { return n * 5 + 1; }

// More arguments than registers: the caller moves its stack pointer.
APART uint32_t many(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f, uint32_t g, uint32_t h,
                    uint32_t i, uint32_t j) {
  return leaf(a + b + c) + d + e + f + g + h + i + j;
}

// Calls itself twice, and is reached from itself by a jump over the call too.
APART __attribute__((optimize("no-optimize-sibling-calls"))) uint32_t tree(uint32_t n) {
  uint32_t sum = 1;
  if (n) sum += tree(n - 1);
  if (n > 1) sum += tree(n - 2);
  return sum;
}

// Ends in a jump to another function.
APART uint32_t tail(uint32_t n) { return leaf(n + 1); }

// Jump to each other instead of calling.
APART uint32_t odd(uint32_t n);
APART uint32_t even(uint32_t n) { return n ? odd(n - 1) : 1; }
APART uint32_t odd(uint32_t n) { return n ? even(n - 1) : 0; }

// Begins with its loop.
APART uint32_t loop(uint32_t n) {
  do {
    __asm volatile("" : "+r"(n));
  } while (--n);
  return n;
}

APART uint32_t apply(uint32_t (*function)(uint32_t), uint32_t n) { return function(n) + 1; }

APART void chosen(void) {
  static uint32_t (*const functions[])(uint32_t) = {leaf, tail, tree};
  for (uint32_t i = 0; i < 9; i++) sink += apply(functions[i % 3], i);
}

void work(void) {
  start_interrupts();
  for (uint32_t i = 0; i < 7; i++) sink += leaf(i) + tail(i);
  for (uint32_t i = 0; i < 5; i++) sink += many(1, 2, 3, 4, 5, 6, 7, 8, 9, i);
  sink += tree(9) + even(100) + loop(1000);
  chosen();
}

__attribute__((noinline)) void finished(uint32_t mark) {
  __asm volatile("nop" ::"r"(mark));
  for (;;) __asm volatile("");
}
