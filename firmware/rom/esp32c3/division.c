// Whole numbers as libgcc has them: GCC internals, "Routines for integer arithmetic".

#include "rom.h"

// By subtraction, bit by bit; halves that are enough for 32 bits are left to the core.
uint64_t divide(uint64_t dividend, uint64_t divisor, uint64_t *remainder) {
  uint64_t quotient = 0, rest = 0;
  if (!(dividend >> 32) && !(divisor >> 32)) {
    if (remainder) *remainder = (uint32_t)dividend % (uint32_t)divisor;
    return (uint32_t)dividend / (uint32_t)divisor;
  }
  for (int bit = dividend >> 32 ? 63 : 31; bit >= 0; bit--) {
    bool carry = rest >> 63;
    rest = rest << 1 | (dividend >> bit & 1);
    if (carry || rest >= divisor) {
      rest -= divisor;
      quotient |= 1ull << bit;
    }
  }
  if (remainder) *remainder = rest;
  return quotient;
}

static uint64_t magnitude(int64_t value) { return value < 0 ? -(uint64_t)value : (uint64_t)value; }

uint64_t __udivdi3(uint64_t a, uint64_t b) { return divide(a, b, NULL); }

uint64_t __umoddi3(uint64_t a, uint64_t b) {
  uint64_t rest;
  divide(a, b, &rest);
  return rest;
}

uint64_t __udivmoddi4(uint64_t a, uint64_t b, uint64_t *rest) { return divide(a, b, rest); }

int64_t __divdi3(int64_t a, int64_t b) {
  uint64_t quotient = divide(magnitude(a), magnitude(b), NULL);
  return (a < 0) != (b < 0) ? -quotient : quotient;
}

int64_t __moddi3(int64_t a, int64_t b) {
  uint64_t rest;
  divide(magnitude(a), magnitude(b), &rest);
  return a < 0 ? -rest : rest;
}

uint32_t __udivsi3(uint32_t a, uint32_t b) { return a / b; }
uint32_t __umodsi3(uint32_t a, uint32_t b) { return a % b; }
int32_t __divsi3(int32_t a, int32_t b) { return a / b; }
int32_t __modsi3(int32_t a, int32_t b) { return a % b; }
int32_t __mulsi3(int32_t a, int32_t b) { return a * b; }

uint64_t __muldi3(uint64_t a, uint64_t b) {
  uint32_t low = a, factor = b;
  return (uint64_t)low * factor + ((uint64_t)(low * (uint32_t)(b >> 32) + (uint32_t)(a >> 32) * factor) << 32);
}

// Shifts of 64 bits: the halves are shifted so that no such shift is needed here.
uint64_t __ashldi3(uint64_t value, int by) {
  uint32_t low = value, high = value >> 32;
  if (!by) return value;
  if (by >= 32) return (uint64_t)(low << (by - 32)) << 32;
  return (uint64_t)(high << by | low >> (32 - by)) << 32 | low << by;
}

uint64_t __lshrdi3(uint64_t value, int by) {
  uint32_t low = value, high = value >> 32;
  if (!by) return value;
  if (by >= 32) return high >> (by - 32);
  return (uint64_t)(high >> by) << 32 | (low >> by | high << (32 - by));
}

int64_t __ashrdi3(int64_t value, int by) {
  uint32_t low = value;
  int32_t high = value >> 32;
  if (!by) return value;
  if (by >= 32) return (int64_t)(high >> (by - 32));
  return (uint64_t)(uint32_t)(high >> by) << 32 | (low >> by | (uint32_t)high << (32 - by));
}

uint32_t __bswapsi2(uint32_t value) {
  return value << 24 | (value & 0xFF00) << 8 | (value >> 8 & 0xFF00) | value >> 24;
}

uint64_t __bswapdi2(uint64_t value) { return (uint64_t)__bswapsi2(value) << 32 | __bswapsi2(value >> 32); }

int __clzsi2(uint32_t value) {
  int zeros = 0;
  for (uint32_t step = 16; step; step >>= 1) {
    if (!(value >> (32 - step))) {
      zeros += step;
      value <<= step;
    }
  }
  return zeros + !(value >> 31);
}

int __ctzsi2(uint32_t value) { return 31 - __clzsi2(value & -value); }
int __clzdi2(uint64_t value) { return value >> 32 ? __clzsi2(value >> 32) : 32 + __clzsi2(value); }
int __ctzdi2(uint64_t value) { return (uint32_t)value ? __ctzsi2(value) : 32 + __ctzsi2(value >> 32); }
int __ffssi2(uint32_t value) { return value ? 1 + __ctzsi2(value) : 0; }
int __ffsdi2(uint64_t value) { return value ? 1 + __ctzdi2(value) : 0; }
int __clrsbsi2(int32_t value) { return __clzsi2((value < 0 ? ~value : value) << 1 | 1); }

int __popcountsi2(uint32_t value) {
  int ones = 0;
  for (; value; value &= value - 1) ones++;
  return ones;
}

int __popcountdi2(uint64_t value) { return __popcountsi2(value) + __popcountsi2(value >> 32); }
int __paritysi2(uint32_t value) { return __popcountsi2(value) & 1; }
int64_t __negdi2(int64_t value) { return -(uint64_t)value; }
int __cmpdi2(int64_t a, int64_t b) { return a < b ? 0 : a == b ? 1 : 2; }
int __ucmpdi2(uint64_t a, uint64_t b) { return a < b ? 0 : a == b ? 1 : 2; }
void __clear_cache(void *from, void *to) { (void)from, (void)to; }
