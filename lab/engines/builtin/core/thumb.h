// What the engine has to know of a Thumb-2 instruction beyond what Unicorn does with it. Arm DDI 0403E, A5 to A7.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { NO_REGISTER = -1 };

// An access that faults unless its address, `base` + (`index` << `shift`) + `offset`, is a multiple of `alignment`
// bytes; `base` is NO_REGISTER where there is none. Its offset is 0 modulo 4 unless `any` was asked for.
struct operand {
  int base, index;
  uint32_t shift, offset, alignment;
};

uint32_t thumb_length(const uint8_t *instruction);
bool is_float(const uint8_t *instruction);
bool is_fixed_to_float(const uint8_t *instruction);

// Whether the core has no such instruction although Unicorn executes it; `doubles`: the FPU has double precision;
// `dsp`: it has the DSP extension.
bool is_absent(const uint8_t *instruction, bool doubles, bool dsp);

// Multiples of words and exclusives, which must be aligned always; `any` takes in single loads and stores.
struct operand aligned_access(const uint8_t *instruction, bool any);

// The register that MOV, ADD, SUB or MSR puts into the stack pointer or adds to it, NO_REGISTER for other instructions.
int stack_source(const uint8_t *instruction);

// What an instruction does to registers modulo 4. Those of the bits in `lost` may be any number after it; `target`, if
// it is a register, is congruent to what `source` was. Neither is ever said of the stack pointer, of which the two
// lowest bits are always 0; as a source PC stands for an aligned number, too.
struct effect {
  uint32_t lost;
  int target, source;
};

struct effect effect_of(const uint8_t *instruction);

// Whether it is an LDR of a literal: the register, and where the literal is from the instruction's address, aligned.
bool is_literal_load(const uint8_t *instruction, int *target, int32_t *offset);

// How many instructions an IT makes conditional; 0 for other instructions.
uint32_t conditional_after(const uint8_t *instruction);
