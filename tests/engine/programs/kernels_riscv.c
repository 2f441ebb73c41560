// Integer and software float kernels for a bare RV32IMC: what TFLM leans on, in the shapes a compiler makes of it.
// No interrupts, no devices. How long the last loop runs depends on every result before it.

#include <stdint.h>

void finished(void);
void work(void);

__attribute__((naked, section(".init"), used)) void _start(void) {
  __asm volatile("lui sp, 0x80010\n call work\n call finished");
}

static uint32_t state;

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

static uint32_t divide(void) {
  uint32_t hash = 0;
  for (int i = 0; i < 300; i++) {
    int32_t a = i % 7 ? (int32_t)next() : INT32_MIN, b = i % 5 ? (int32_t)next() >> (i % 31) : i % 10 ? -1 : 0;
    int32_t quotient, remainder, unsigned_quotient, high;
    __asm volatile("div %0, %1, %2" : "=r"(quotient) : "r"(a), "r"(b));
    __asm volatile("rem %0, %1, %2" : "=r"(remainder) : "r"(a), "r"(b));
    __asm volatile("divu %0, %1, %2" : "=r"(unsigned_quotient) : "r"(a), "r"(b));
    __asm volatile("mulhsu %0, %1, %2" : "=r"(high) : "r"(a), "r"(b));
    hash = hash * 31 + (uint32_t)(quotient ^ remainder ^ unsigned_quotient ^ high);
  }
  return hash;
}

static uint32_t floats(void) {
  float a = 1.0f, b = 0.5f, c = 2.0f;
  for (int i = 1; i < 100; i++) {
    a = a * 0.999f + b / (float)i;
    b = a * a + c - (float)(next() >> 28);
    c = b > a ? c * 0.5f + 1.0f : c - a * 0.01f;
  }
  return (uint32_t)(int32_t)(a * 1000.0f) ^ (uint32_t)(int32_t)c;
}

__attribute__((noinline)) static uint32_t dispatch(uint32_t op, uint32_t value) {
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

__attribute__((noinline, used)) void work(void) {
  state = 12345;
  uint32_t hash = 0;
  for (int round = 0; round < 20; round++) {
    hash = hash * 31 + convolve();
    hash = hash * 31 + requantize();
    hash = hash * 31 + divide();
    hash = hash * 31 + floats();
    for (int i = 0; i < 100; i++) hash = dispatch(next(), hash);
    __asm volatile("csrw mscratch, %0\n csrrs %0, mscratch, zero\n fence.i" : "+r"(hash));
  }
  for (volatile uint32_t i = hash & 0xFFFF; i; i--) {
  }
}
