// One width of binary floating point, IEEE 754-2019, rounded to nearest with ties to even, without exceptions. The file
// that includes this says which: NAME(x), WORD and its signed SWORD, BITS, FRACTION, MULTIPLY.

#define EXPONENT (BITS - 1 - FRACTION)
#define LARGEST ((1 << EXPONENT) - 1)
#define BIAS (LARGEST >> 1)
#define HIDDEN ((WORD)1 << FRACTION)
#define SIGN ((WORD)1 << (BITS - 1))
#define INFINITE ((WORD)LARGEST << FRACTION)
#define NOT_A_NUMBER (INFINITE | HIDDEN >> 1)
#define GUARD 3  // bits below the fraction while it is computed, the last of which stands for all that were lost

static bool NAME(is_nan)(WORD a) { return (a & ~SIGN) > INFINITE; }
static int NAME(exponent)(WORD a) { return a >> FRACTION & LARGEST; }

// Move down, keeping in the lowest bit whether anything was lost.
static WORD NAME(jam)(WORD value, int by) {
  if (by <= 0) return value;
  if (by >= BITS) return value != 0;
  return value >> by | ((value & (((WORD)1 << by) - 1)) != 0);
}

static int NAME(zeros)(WORD value) { return BITS == 64 ? __clzdi2(value) : __clzsi2(value); }

// `fraction` has its leading bit at FRACTION + GUARD or above, or anywhere; it is worth fraction * 2^(exponent - BIAS -
// FRACTION - GUARD).
static WORD NAME(pack)(WORD sign, int exponent, WORD fraction) {
  if (!fraction) return sign;
  int shift = NAME(zeros)(fraction) - (BITS - 1 - FRACTION - GUARD);
  fraction = shift > 0 ? fraction << shift : NAME(jam)(fraction, -shift);
  exponent -= shift;
  if (exponent <= 0) {
    fraction = NAME(jam)(fraction, 1 - exponent);
    exponent = 0;
  }
  WORD rest = fraction & ((1 << GUARD) - 1), half = 1 << (GUARD - 1);
  fraction >>= GUARD;
  if (rest > half || (rest == half && fraction & 1)) fraction++;
  if (exponent == 0) return sign | fraction;  // a carry makes it the smallest normal number
  if (fraction >> (FRACTION + 1)) exponent++;
  if (exponent >= LARGEST) return sign | INFINITE;
  return sign | ((WORD)exponent << FRACTION) | (fraction & (HIDDEN - 1));
}

// The fraction with its leading bit at FRACTION, of a subnormal number too, and the exponent that goes with it.
static WORD NAME(unpack)(WORD a, int *exponent) {
  WORD fraction = a & (HIDDEN - 1);
  *exponent = NAME(exponent)(a);
  if (*exponent) return fraction | HIDDEN;
  int shift = fraction ? NAME(zeros)(fraction) - EXPONENT : 0;
  *exponent = 1 - shift;
  return fraction << shift;
}

WORD NAME(add)(WORD a, WORD b) {
  if (NAME(is_nan)(a) || NAME(is_nan)(b)) return NOT_A_NUMBER;
  if ((a & ~SIGN) < (b & ~SIGN)) {
    WORD kept = a;
    a = b;
    b = kept;
  }
  bool differ = (a ^ b) & SIGN;
  if ((a & ~SIGN) == INFINITE) return differ && (b & ~SIGN) == INFINITE ? NOT_A_NUMBER : a;
  int exponent_a, exponent_b;
  WORD fraction_a = NAME(unpack)(a, &exponent_a) << GUARD, fraction_b = NAME(unpack)(b, &exponent_b) << GUARD;
  fraction_b = NAME(jam)(fraction_b, exponent_a - exponent_b);
  if (!differ) return NAME(pack)(a & SIGN, exponent_a, fraction_a + fraction_b);
  if (fraction_a == fraction_b) return 0;
  return NAME(pack)(a & SIGN, exponent_a, fraction_a - fraction_b);
}

WORD NAME(subtract)(WORD a, WORD b) { return NAME(add)(a, b ^ SIGN); }

WORD NAME(multiply)(WORD a, WORD b) {
  WORD sign = (a ^ b) & SIGN, size_a = a & ~SIGN, size_b = b & ~SIGN;
  if (size_a > INFINITE || size_b > INFINITE) return NOT_A_NUMBER;
  if (size_a == INFINITE || size_b == INFINITE) return size_a && size_b ? sign | INFINITE : NOT_A_NUMBER;
  if (!size_a || !size_b) return sign;
  int exponent_a, exponent_b;
  WORD fraction_a = NAME(unpack)(a, &exponent_a), fraction_b = NAME(unpack)(b, &exponent_b);
  WORD high, low = MULTIPLY(fraction_a << EXPONENT, fraction_b << EXPONENT, &high);
  // The product of two fractions with their leading bits at the top, in two words.
  return NAME(pack)(sign, exponent_a + exponent_b - BIAS + 1, NAME(jam)(high | (low != 0), EXPONENT - GUARD));
}

WORD NAME(divide)(WORD a, WORD b) {
  WORD sign = (a ^ b) & SIGN, size_a = a & ~SIGN, size_b = b & ~SIGN;
  if (size_a > INFINITE || size_b > INFINITE) return NOT_A_NUMBER;
  if (size_a == INFINITE) return size_b == INFINITE ? NOT_A_NUMBER : sign | INFINITE;
  if (size_b == INFINITE) return sign;
  if (!size_b) return size_a ? sign | INFINITE : NOT_A_NUMBER;
  if (!size_a) return sign;
  int exponent_a, exponent_b;
  WORD rest = NAME(unpack)(a, &exponent_a), divisor = NAME(unpack)(b, &exponent_b), quotient = 0;
  for (int bit = 0; bit < FRACTION + GUARD + 1; bit++, rest <<= 1) {
    quotient <<= 1;
    if (rest >= divisor) {
      rest -= divisor;
      quotient |= 1;
    }
  }
  return NAME(pack)(sign, exponent_a - exponent_b + BIAS, quotient | (rest != 0));
}

// -1, 0 or 1; `unordered` where one is no number.
int NAME(compare)(WORD a, WORD b, int unordered) {
  if (NAME(is_nan)(a) || NAME(is_nan)(b)) return unordered;
  if (!((a | b) & ~SIGN)) return 0;
  SWORD left = a & SIGN ? -(SWORD)(a & ~SIGN) : (SWORD)a, right = b & SIGN ? -(SWORD)(b & ~SIGN) : (SWORD)b;
  return left < right ? -1 : left > right;
}

int NAME(unordered)(WORD a, WORD b) { return NAME(is_nan)(a) || NAME(is_nan)(b); }

WORD NAME(from)(uint64_t value, WORD sign) {
  if (!value) return sign;
  int leading = 63 - __clzdi2(value), shift = leading - FRACTION - GUARD;
  WORD fraction;
  if (shift > 0) {
    fraction = value >> shift | ((value & ((1ull << shift) - 1)) != 0);
  } else {
    fraction = (WORD)value << -shift;
  }
  return NAME(pack)(sign, BIAS + leading, fraction);
}

WORD NAME(from_signed)(int64_t value) {
  return NAME(from)(value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0 ? SIGN : 0);
}

// The whole part, no larger than `most`, which also stands for what is no number and for what is beyond it.
static uint64_t NAME(magnitude)(WORD a, uint64_t most) {
  int exponent;
  WORD fraction = NAME(unpack)(a, &exponent);
  int shift = exponent - BIAS - FRACTION;
  if (exponent < BIAS) return 0;
  if (NAME(exponent)(a) == LARGEST || exponent - BIAS >= 64) return most;
  uint64_t value = shift >= 0 ? (uint64_t)fraction << shift : (uint64_t)fraction >> -shift;
  return value < most ? value : most;
}

uint64_t NAME(to_unsigned)(WORD a, uint64_t most) { return a & SIGN ? 0 : NAME(magnitude)(a, most); }

int64_t NAME(to_signed)(WORD a, uint64_t most) {
  return a & SIGN ? (int64_t)(-NAME(magnitude)(a, most + 1)) : (int64_t)NAME(magnitude)(a, most);
}

#undef EXPONENT
#undef LARGEST
#undef BIAS
#undef HIDDEN
#undef SIGN
#undef INFINITE
#undef NOT_A_NUMBER
#undef GUARD
