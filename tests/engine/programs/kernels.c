// Integer and float kernels for a bare Cortex-M4F: what TFLM leans on, in the shapes a compiler makes of it.
// No interrupts, no devices. How long the last loop runs depends on every result before it.

#include <stdint.h>

void Reset_Handler(void);
void finished(void);

__attribute__((section(".vectors"), used)) static const void *const vectors[2] = {(void *)0x20010000, Reset_Handler};

static uint32_t state = 0;

static uint32_t next(void) { return state = state * 1664525u + 1013904223u; }

static uint32_t convolve(void) {
  static int8_t input[64], weights[64];
  int32_t sum = 0;
  for (int i = 0; i < 64; i++) {
    input[i] = (int8_t)(next() >> 24);
    weights[i] = (int8_t)(next() >> 16);
  }
  for (int shift = 0; shift < 16; shift++) {
    for (int i = 0; i + shift < 64; i++) sum += input[i] * weights[i + shift];
    sum = sum > 1000000 ? 1000000 : sum < -1000000 ? -1000000 : sum;
  }
  return (uint32_t)sum;
}

static uint32_t requantize(void) {
  uint32_t hash = 0;
  for (int i = 0; i < 300; i++) {
    int32_t a = (int32_t)next(), b = (int32_t)next() | 1;
    int64_t product = (int64_t)a * b + (1 << 30);
    hash = hash * 31 + (uint32_t)(product >> 31) + (uint32_t)(a / b) + (uint32_t)(product / b);
  }
  return hash;
}

static uint32_t dsp(void) {
  uint32_t hash = 0;
  for (int i = 0; i < 300; i++) {
    uint32_t a = next(), b = next(), c = next();
    __asm volatile("smlad %0, %0, %1, %2" : "+r"(a) : "r"(b), "r"(c));
    __asm volatile("ssat %0, #8, %1, asr #9" : "=r"(b) : "r"(a));
    __asm volatile("cmp %1, %2\n itete gt\n addgt %0, %1\n suble %0, %2\n eorgt %0, %2\n orrle %0, %1"
                   : "+r"(c)
                   : "r"(a), "r"(b)
                   : "cc");
    __asm volatile("cmp %1, #0\n it mi\n rsbmi %0, %1, #0" : "+r"(c) : "r"(b) : "cc");
    hash = hash * 31 + c + (uint32_t)__builtin_clz(a | 1);
  }
  return hash;
}

static uint32_t floats(void) {
  float a = 1.0f, b = 0.5f, c = 2.0f;
  for (int i = 1; i < 300; i++) {
    a = a * 0.999f + b / (float)i;
    b = __builtin_sqrtf(a * a + c) - (float)(next() >> 28);
    c = b > a ? c * 0.5f + 1.0f : c - a * 0.01f;
  }
  return (uint32_t)(int32_t)(a * 100.0f + b * 10.0f + c);
}

static uint32_t dispatch(uint32_t op, uint32_t value) {
  switch (op & 7) {
    case 0:
      return value + 1;
    case 1:
      return value * 3;
    case 2:
      return value ^ 0x55AA;
    case 3:
      return value >> 3;
    case 4:
      return value - 77;
    case 5:
      return ~value;
    case 6:
      return (value << 5) | (value >> 27);
    default:
      return value ? dispatch(op >> 3, value >> 1) : 5;
  }
}

__attribute__((noinline)) void finished(void) {
  for (;;) __asm volatile("wfi");
}

__attribute__((noinline)) static void work(void) {
  state = 12345;
  uint32_t hash = 0;
  for (int round = 0; round < 20; round++) {
    hash = hash * 31 + convolve();
    hash = hash * 31 + requantize();
    hash = hash * 31 + dsp();
    hash = hash * 31 + floats();
    for (int i = 0; i < 100; i++) hash = dispatch(next(), hash);
  }
  for (volatile uint32_t i = hash & 0xFFFF; i; i--) {
  }
}

void Reset_Handler(void) {
  *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20;  // the FPU, before anything that saves its registers
  __asm volatile("dsb\nisb");
  work();
  finished();
}
