// Thumb-2, decoded as far as the engine needs it.

#include "thumb.h"

enum { SP = 13, LR = 14, PC = 15 };

struct words {
  uint32_t first, second;
};

static struct words words_of(const uint8_t *bytes) {
  bool wide = thumb_length(bytes) == 4;
  return (struct words){bytes[0] | bytes[1] << 8, wide ? bytes[2] | bytes[3] << 8 : 0};
}

uint32_t thumb_length(const uint8_t *bytes) { return bytes[1] >> 3 >= 0x1D ? 4 : 2; }

// Coprocessors 10 and 11, which are the FPU.
bool is_float(const uint8_t *bytes) {
  return thumb_length(bytes) == 4 && (bytes[1] & 0xEC) == 0xEC && (bytes[3] & 0x0E) == 0x0A;
}

// VCVT from fixed point: A7.7.228.
bool is_fixed_to_float(const uint8_t *bytes) {
  struct words word = words_of(bytes);
  return (word.first & 0xFFBE) == 0xEEBA && (word.second & 0x0E50) == 0x0A40;
}

static bool is_double(struct words word) {
  bool to_double = (word.first & 0xFFBF) == 0xEEB7 && (word.second & 0x0FD0) == 0x0AC0;
  return to_double || ((word.first & 0xEF00) == 0xEE00 && (word.second & 0x0F10) == 0x0B00);
}

// The DSP extension: Arm DDI 0403E, A5.3.11 to A5.3.17 (saturating to 16 bits, packing, extending and adding, in
// parallel, of halfwords and with accumulation).
static bool is_dsp(struct words word) {
  uint32_t kind = word.second >> 4 & 0xF;
  switch (word.first >> 4) {
    case 0xF32:
    case 0xF3A:  // SSAT16, USAT16
      return !(word.second & 0x70C0);
    case 0xEAC:
    case 0xEAD:  // PKHBT, PKHTB
      return true;
    case 0xFA2:
    case 0xFA3:  // SXTB16, UXTB16
      return kind & 8;
    case 0xFA0:
    case 0xFA1:
    case 0xFA4:
    case 0xFA5:  // SXTAH, UXTAH, SXTAB, UXTAB; without what is added they are SXTH and so on
      return kind & 8 && (word.first & 0xF) != 0xF;
    case 0xFA8:  // QADD, QDADD, QSUB, QDSUB
    case 0xFA9:
    case 0xFAA:  // SEL
    case 0xFAC:
    case 0xFAD:
    case 0xFAE:
      return kind < 8 || (word.first >> 4 != 0xFA9 && kind < 12);
    case 0xFBC:  // SMLAL of halfwords, SMLALD
    case 0xFBD:  // SMLSLD
      return kind & 8;
    case 0xFBE:  // UMAAL
      return kind == 6;
    default:
      return (word.first & 0xFFF0) >= 0xFB10 && (word.first & 0xFFF0) <= 0xFB70;
  }
}

// VMRS and VMSR of other registers than FPSCR, SETEND, LDREXD and STREXD are for other profiles.
bool is_absent(const uint8_t *bytes, bool doubles, bool dsp) {
  struct words word = words_of(bytes);
  if (!dsp && thumb_length(bytes) == 4 && is_dsp(word)) return true;
  bool transfers = (word.first & 0xFFE0) == 0xEEE0 && (word.second & 0x0F10) == 0x0A10;
  if (transfers && (word.first & 0xF) != 1) return true;
  if ((word.first & 0xFFF0) == 0xB650) return true;
  if ((word.first & 0xFFE0) == 0xE8C0 && (word.second & 0xF0) == 0x70) return true;
  return !doubles && is_double(word);
}

static struct operand on(int base, uint32_t alignment, uint32_t offset) {
  if (base == SP && offset % 4 == 0) base = NO_REGISTER;
  return (struct operand){.base = base, .index = NO_REGISTER, .alignment = alignment, .offset = offset};
}

static struct operand none(void) { return on(NO_REGISTER, 1, 0); }

static struct operand narrow_access(uint32_t first, bool any) {
  int low = first >> 3 & 7;
  if (first >> 12 == 0xC) return on(first >> 8 & 7, 4, 0);  // STM, LDM
  if (!any) return none();
  switch (first >> 11) {
    case 0x0A:
    case 0x0B: {  // by register: STR, STRH, STRB, LDRSB; LDR, LDRH, LDRB, LDRSH
      static const uint8_t ALIGNMENTS[] = {4, 2, 1, 1, 4, 2, 1, 2};
      struct operand access = on(low, ALIGNMENTS[first >> 9 & 7], 0);
      access.index = first >> 6 & 7;
      return access.alignment > 1 ? access : none();
    }
    case 0x0C:
    case 0x0D:
      return on(low, 4, (first >> 6 & 31) * 4);
    case 0x10:
    case 0x11:
      return on(low, 2, (first >> 6 & 31) * 2);
    default:
      return none();
  }
}

static bool is_multiple(struct words word) { return (word.first & 0xFE40) == 0xE800; }
static bool is_dual_or_exclusive(struct words word) { return (word.first & 0xFE40) == 0xE840; }
static bool is_single(struct words word) { return (word.first & 0xFE00) == 0xF800; }
static bool is_load(struct words word) { return word.first & 0x10; }

// LDREX, STREX and, with no offset, LDREXB, LDREXH, STREXB, STREXH, TBB and TBH.
static bool is_exclusive(struct words word) { return (word.first & 0xFFE0) == 0xE840; }
static bool is_short_exclusive(struct words word) { return (word.first & 0xFFE0) == 0xE8C0; }

static bool is_float_memory(struct words word) {  // VLDR, VSTR, VLDM, VSTM, not VMOV of two registers
  return (word.first & 0xFE00) == 0xEC00 && (word.first & 0x01A0) && (word.second & 0x0E00) == 0x0A00;
}

static struct operand single_access(struct words word) {
  uint32_t size = 1u << (word.first >> 5 & 3);
  int base = word.first & 0xF;
  if (size == 1 || size > 4 || base == PC) return none();
  if (word.first & 0x80) return on(base, size, word.second & 0xFFF);
  if (word.second & 0x800) {
    bool before = word.second & 0x400, up = word.second & 0x200;
    uint32_t immediate = word.second & 0xFF;
    return on(base, size, !before ? 0 : up ? immediate : -immediate);
  }
  struct operand access = on(base, size, 0);
  access.base = base;
  access.index = word.second & 0xF;
  access.shift = word.second >> 4 & 3;
  return access;
}

struct operand aligned_access(const uint8_t *bytes, bool any) {
  struct words word = words_of(bytes);
  int base = word.first & 0xF;
  if (thumb_length(bytes) == 2) return narrow_access(word.first, any);
  if (is_single(word)) return any ? single_access(word) : none();
  if (base == PC) return none();
  if (is_multiple(word) || is_float_memory(word)) return on(base, 4, 0);
  if (!is_dual_or_exclusive(word)) return none();
  if (is_exclusive(word)) return on(base, 4, 0);
  if (is_short_exclusive(word)) return (word.second & 0xF0) == 0x50 ? on(base, 2, 0) : none();
  return on(base, 4, 0);  // LDRD, STRD
}

bool is_literal_load(const uint8_t *bytes, int *target, int32_t *offset) {
  struct words word = words_of(bytes);
  if (word.first >> 11 == 0x09) {
    *target = word.first >> 8 & 7;
    *offset = 4 + (word.first & 0xFF) * 4;
    return true;
  }
  int32_t distance = word.second & 0xFFF;
  *target = word.second >> 12;
  *offset = 4 + (word.first & 0x80 ? distance : -distance);
  return (word.first & 0xFF7F) == 0xF85F;
}

int stack_source(const uint8_t *bytes) {
  struct words word = words_of(bytes);
  if ((word.first & 0xFF87) == 0x4685 || (word.first & 0xFF87) == 0x4485) {  // MOV SP, ADD SP
    int source = word.first >> 3 & 0xF;
    return source == SP ? NO_REGISTER : source;
  }
  bool into_stack = (word.first & 0xFFF0) == 0xF380 && ((word.second & 0xFF) == 8 || (word.second & 0xFF) == 9);
  if (into_stack) return (int)(word.first & 0xF);  // MSR
  bool sums = (word.first & 0xFFEF) == 0xEB0D || (word.first & 0xFFEF) == 0xEBAD;
  bool unshifted = sums && (word.second & 0x70F0) == 0 && (word.second & 0xF00) == 0xD00;
  return unshifted ? (int)(word.second & 0xF) : NO_REGISTER;
}

uint32_t conditional_after(const uint8_t *bytes) {
  uint32_t first = bytes[0] | bytes[1] << 8;
  bool begins = (first & 0xFF00) == 0xBF00 && (first & 0xF);
  return begins ? 4 - (uint32_t)__builtin_ctz(first) : 0;
}

static uint32_t bit(uint32_t number) { return 1u << number; }

static struct effect loses(uint32_t registers) {
  return (struct effect){.lost = registers & 0x5FFF, .target = NO_REGISTER, .source = NO_REGISTER};
}

// target = source + constant
static struct effect sums(uint32_t target, uint32_t source, uint32_t constant) {
  if (target == PC || target == SP) return loses(0);
  if (constant % 4) return loses(bit(target));
  return (struct effect){.lost = 0, .target = (int)target, .source = (int)source};
}

static struct effect effect_of_narrow(uint32_t first) {
  uint32_t low = first & 7, high = first >> 8 & 7;
  switch (first >> 11) {
    case 0x00:  // LSL by a constant, MOVS
      return first & 0x7C0 ? loses(bit(low)) : sums(low, first >> 3 & 7, 0);
    case 0x01:
    case 0x02:  // other shifts by a constant
      return loses(bit(low));
    case 0x03:  // ADD, SUB of a register or a small constant
      return first & 0x400 ? sums(low, first >> 3 & 7, first >> 6 & 7) : loses(bit(low));
    case 0x04:  // MOV of a constant
      return sums(high, PC, first & 0xFF);
    case 0x05:  // CMP
      return loses(0);
    case 0x06:
    case 0x07:  // ADD, SUB
      return sums(high, high, first & 0xFF);
    case 0x08: {
      uint32_t any = low | (first >> 4 & 8);
      if (!(first & 0x400)) return loses(bit(low));         // data processing
      if ((first & 0x300) == 0x300) return loses(bit(LR));  // BX, BLX
      if ((first & 0x300) == 0x200) return sums(any, first >> 3 & 0xF, 0);
      return loses(bit(any));  // ADD, CMP
    }
    case 0x14:
      return sums(high, PC, 0);  // ADR
    case 0x15:
      return sums(high, SP, 0);
    case 0x09:  // LDR of a literal
    case 0x13:  // LDR from the stack
      return loses(bit(high));
    case 0x0A:
      return loses((first >> 9 & 3) == 3 ? bit(low) : 0);  // LDRSB among stores
    case 0x0B:
    case 0x0D:
    case 0x0F:
    case 0x11:  // loads
      return loses(bit(low));
    case 0x16:
    case 0x17: {  // miscellaneous
      uint32_t operation = first >> 8 & 0xF;
      if (operation == 0xC || operation == 0xD) return loses(first & 0xFF);  // POP
      return loses(operation == 0x2 || operation == 0xA ? bit(low) : 0);     // extensions, REV
    }
    case 0x19:  // LDM
      return loses(first & 0xFF);
    default:
      return loses(0);
  }
}

static struct effect effect_of_dual_or_exclusive(struct words word) {
  uint32_t target = word.second >> 12, other = word.second >> 8 & 0xF;
  if (is_exclusive(word)) return loses(is_load(word) ? bit(target) : bit(other));
  if (is_short_exclusive(word)) return loses(is_load(word) ? bit(target) : bit(word.second & 0xF));
  return loses(is_load(word) ? bit(target) | bit(other) : 0);
}

static struct effect effect_of_single(struct words word) {
  uint32_t loaded = is_load(word) ? bit(word.second >> 12) : 0, base = word.first & 0xF;
  bool writes_back = !(word.first & 0x80) && (word.second & 0x900) == 0x900;
  return loses(loaded | (writes_back && word.second & 3 ? bit(base) : 0));
}

static struct effect effect_of_coprocessor(struct words word) {
  if (!is_load(word) || is_float_memory(word)) return loses(0);
  return loses(bit(word.second >> 12) | bit(word.first & 0xF));  // VMOV to one or two registers, VMRS
}

// ADD and SUB of a constant, MOV of one.
static struct effect effect_of_constant(struct words word) {
  uint32_t target = word.second >> 8 & 0xF, source = word.first & 0xF, constant = word.second & 0xFF;
  uint32_t operation = word.first >> 5 & 0xF;
  bool plain = word.first & 0x200, rotated = !plain && (word.first & 0x400 || word.second & 0x4000);
  bool adds = plain ? operation == 0x0 || operation == 0x5 : operation == 0x8 || operation == 0xD;
  bool moves = !plain && operation == 0x2 && source == PC;
  if (!adds && !moves) return loses(bit(target));
  if (!rotated) return sums(target, source, constant);
  uint32_t right = (word.first & 0x400) >> 6 | (word.second & 0x7000) >> 11 | constant >> 7;
  return sums(target, source, right == 31 ? constant << 1 : 0);  // by less, it ends above the two lowest bits
}

// MOV of a register; ADD and SUB of one that is shifted left by 2 or more.
static struct effect effect_of_shifted(struct words word) {
  uint32_t target = word.second >> 8 & 0xF, source = word.first & 0xF, operation = word.first >> 5 & 0xF;
  uint32_t amount = (word.second & 0x7000) >> 10 | (word.second >> 6 & 3), type = word.second >> 4 & 3;
  bool adds = operation == 0x8 || operation == 0xD, moves = operation == 0x2 && source == PC;
  if (adds && type == 0 && amount >= 2) return sums(target, source, 0);
  if (moves && type == 0 && amount == 0) return sums(target, word.second & 0xF, 0);
  return loses(bit(target));
}

struct effect effect_of(const uint8_t *bytes) {
  struct words word = words_of(bytes);
  if (thumb_length(bytes) == 2) return effect_of_narrow(word.first);
  if (is_multiple(word)) return loses(is_load(word) ? word.second : 0);
  if (is_dual_or_exclusive(word)) return effect_of_dual_or_exclusive(word);
  if ((word.first & 0xEC00) == 0xEC00) return effect_of_coprocessor(word);
  if ((word.first & 0xF800) == 0xF000) {
    bool branches = word.second & 0x8000, reads_special = (word.first & 0xFFE0) == 0xF3E0;  // MRS
    return !branches ? effect_of_constant(word) : loses(reads_special ? bit(word.second >> 8 & 0xF) : bit(LR));
  }
  if (is_single(word)) return effect_of_single(word);
  if ((word.first & 0xFE00) == 0xEA00) return effect_of_shifted(word);
  bool long_product = (word.first & 0xFF80) == 0xFB80;  // the rest is data processing by registers, multiplications
  return loses(bit(word.second >> 8 & 0xF) | (long_product ? bit(word.second >> 12) : 0));
}
