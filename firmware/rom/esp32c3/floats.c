// Floating point as libgcc has it: GCC internals, "Routines for floating point emulation".

#include "rom.h"

int __clzsi2(uint32_t value);
int __clzdi2(uint64_t value);

static uint32_t multiply_words(uint32_t a, uint32_t b, uint32_t *high) {
  uint64_t product = (uint64_t)a * b;
  *high = product >> 32;
  return product;
}

static uint64_t multiply_doubles(uint64_t a, uint64_t b, uint64_t *high) {
  uint64_t low_a = (uint32_t)a, high_a = a >> 32, low_b = (uint32_t)b, high_b = b >> 32;
  uint64_t low = low_a * low_b, cross = low_a * high_b + (low >> 32), other = high_a * low_b + (uint32_t)cross;
  *high = high_a * high_b + (cross >> 32) + (other >> 32);
  return other << 32 | (uint32_t)low;
}

#define NAME(x) single_##x
#define WORD uint32_t
#define SWORD int32_t
#define BITS 32
#define FRACTION 23
#define MULTIPLY multiply_words
#include "floats.h"
#undef NAME
#undef WORD
#undef SWORD
#undef BITS
#undef FRACTION
#undef MULTIPLY

#define NAME(x) double_##x
#define WORD uint64_t
#define SWORD int64_t
#define BITS 64
#define FRACTION 52
#define MULTIPLY multiply_doubles
#include "floats.h"

// An int is returned by each of these; what is unordered makes every comparison but "not equal" untrue.
#define COMPARISONS(kind, word, letters)                                    \
  int __eq##letters##2(word a, word b) { return kind##_compare(a, b, 1); }  \
  int __ne##letters##2(word a, word b) { return kind##_compare(a, b, 1); }  \
  int __lt##letters##2(word a, word b) { return kind##_compare(a, b, 1); }  \
  int __le##letters##2(word a, word b) { return kind##_compare(a, b, 1); }  \
  int __gt##letters##2(word a, word b) { return kind##_compare(a, b, -1); } \
  int __ge##letters##2(word a, word b) { return kind##_compare(a, b, -1); } \
  int __unord##letters##2(word a, word b) { return kind##_unordered(a, b); }

#define ARITHMETIC(kind, word, letters, sign)                              \
  word __add##letters##3(word a, word b) { return kind##_add(a, b); }      \
  word __sub##letters##3(word a, word b) { return kind##_subtract(a, b); } \
  word __mul##letters##3(word a, word b) { return kind##_multiply(a, b); } \
  word __div##letters##3(word a, word b) { return kind##_divide(a, b); }   \
  word __neg##letters##2(word a) { return a ^ (sign); }

#define CONVERSIONS(kind, word, letters)                                               \
  word __floatsi##letters(int32_t a) { return kind##_from_signed(a); }                 \
  word __floatunsi##letters(uint32_t a) { return kind##_from(a, 0); }                  \
  word __floatdi##letters(int64_t a) { return kind##_from_signed(a); }                 \
  word __floatundi##letters(uint64_t a) { return kind##_from(a, 0); }                  \
  int32_t __fix##letters##si(word a) { return kind##_to_signed(a, INT32_MAX); }        \
  uint32_t __fixuns##letters##si(word a) { return kind##_to_unsigned(a, UINT32_MAX); } \
  int64_t __fix##letters##di(word a) { return kind##_to_signed(a, INT64_MAX); }        \
  uint64_t __fixuns##letters##di(word a) { return kind##_to_unsigned(a, UINT64_MAX); }

COMPARISONS(single, uint32_t, sf)
COMPARISONS(double, uint64_t, df)
ARITHMETIC(single, uint32_t, sf, 1u << 31)
ARITHMETIC(double, uint64_t, df, 1ull << 63)
CONVERSIONS(single, uint32_t, sf)
CONVERSIONS(double, uint64_t, df)

enum { SINGLE_BIAS = 127, DOUBLE_BIAS = 1023, SINGLE_FRACTION = 23, DOUBLE_FRACTION = 52, NARROWER = 29, SPARE = 3 };

uint64_t __extendsfdf2(uint32_t a) {
  uint64_t sign = (uint64_t)(a >> 31) << 63;
  uint32_t size = a & 0x7FFFFFFF;
  if (!size) return sign;
  if (size >= 0x7F800000) return sign | (uint64_t)size << NARROWER | 0x7FF0000000000000ull;
  int exponent;
  uint64_t fraction = single_unpack(a, &exponent);
  return double_pack(sign, exponent + DOUBLE_BIAS - SINGLE_BIAS, fraction << (NARROWER + SPARE));
}

uint32_t __truncdfsf2(uint64_t a) {
  uint32_t sign = a >> 63 << 31;
  uint64_t size = a & ~(1ull << 63);
  if (size > 0x7FF0000000000000ull) return 0x7FC00000;
  if (size == 0x7FF0000000000000ull) return sign | 0x7F800000;
  int exponent;
  uint64_t fraction = size ? double_unpack(a, &exponent) : 0;
  return fraction ? single_pack(sign, exponent - DOUBLE_BIAS + SINGLE_BIAS, double_jam(fraction, NARROWER - SPARE))
                  : sign;
}

// By squaring, as libgcc does.
uint64_t __powidf2(uint64_t x, int power) {
  uint32_t left = power < 0 ? -(uint32_t)power : (uint32_t)power;
  uint64_t result = 0x3FF0000000000000ull;
  for (; left; left >>= 1, x = double_multiply(x, x)) {
    if (left & 1) result = double_multiply(result, x);
  }
  return power < 0 ? double_divide(0x3FF0000000000000ull, result) : result;
}

uint32_t __powisf2(uint32_t x, int power) {
  uint32_t left = power < 0 ? -(uint32_t)power : (uint32_t)power, result = 0x3F800000;
  for (; left; left >>= 1, x = single_multiply(x, x)) {
    if (left & 1) result = single_multiply(result, x);
  }
  return power < 0 ? single_divide(0x3F800000, result) : result;
}
