// What TFLM kernels lean on: SMLAD, SMLALD, SSAT, USAT, SXTB16, QADD, SMULL, SDIV, UDIV, IT blocks, CLZ, LDRD, LDM.
// Exact counts, checksums.
#include "probe.h"

static uint32_t lcg = 12345;
static uint32_t next(void) { return lcg = lcg * 1664525u + 1013904223u; }
void Reset_Handler(void) {
  for (uint32_t i = 0; i < 3000; i++) {
    uint32_t a = next(), b = next(), c = next(), r;
    __asm volatile("smlad %0, %1, %2, %3" : "=r"(r) : "r"(a), "r"(b), "r"(c));
    result[0] = result[0] * 31 + r;
    uint32_t lo = a, hi = b;
    __asm volatile("smlald %0, %1, %2, %3" : "+r"(lo), "+r"(hi) : "r"(c), "r"(a));
    result[1] = result[1] * 31 + (lo ^ hi);
    __asm volatile("ssat %0, #8, %1, asr #9" : "=r"(r) : "r"(a));
    result[2] = result[2] * 31 + r;
    __asm volatile("usat %0, #7, %1" : "=r"(r) : "r"((int32_t)b >> 20));
    result[3] = result[3] * 31 + r;
    __asm volatile("sxtb16 %0, %1, ror #8" : "=r"(r) : "r"(c));
    result[4] = result[4] * 31 + r;
    __asm volatile("qadd %0, %1, %2" : "=r"(r) : "r"(a), "r"(b));
    result[5] = result[5] * 31 + r;
    int64_t wide = (int64_t)(int32_t)a * (int32_t)b;
    result[6] = result[6] * 31 + (uint32_t)(wide >> 31);
    result[7] = result[7] * 31 + (uint32_t)((int32_t)a / (int32_t)(b | 1)) + a / (c | 1);
    __asm volatile("cmp %1, %2\n ite gt\n movgt %0, %1\n movle %0, %2" : "=r"(r) : "r"(a), "r"(b) : "cc");
    result[8] = result[8] * 31 + r;
    result[9] = result[9] * 31 + (uint32_t)__builtin_clz(c | 1);
    if (i % 500 == 499) mark(i);
  }
  for (;;) __asm volatile("wfi");
}
