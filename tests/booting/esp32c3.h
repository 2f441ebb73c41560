// What the programs for the ESP32-C3 share: registers, functions of the ROM by address, and the vectors.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define ROM(address, type) ((type)(address))

#define print ROM(0x40000040, int (*)(const char *, ...))
#define delay_us ROM(0x40000050, void (*)(uint32_t))
#define route ROM(0x400005f4, void (*)(int, uint32_t, uint32_t))
#define set_priority ROM(0x400005e0, void (*)(int, int))
#define set_threshold ROM(0x400005e4, void (*)(int))
#define enable ROM(0x400005e8, void (*)(uint32_t))
#define set_type ROM(0x400005f0, void (*)(int, int))

extern char vectors[];

static inline void let_interrupts_in(void) {
  __asm__ volatile("csrw mtvec, %0" ::"r"((uint32_t)vectors | 1));
  __asm__ volatile("csrsi mstatus, 8");
}

static inline uint32_t cause(void) {
  uint32_t value;
  __asm__ volatile("csrr %0, mcause" : "=r"(value));
  return value & 31;
}

void handle(void);  // of every interrupt

#define VECTORS                                                                              \
  __asm__(                                                                                   \
      ".section .fast, \"ax\"\n.option norvc\n.balign 256\n.global vectors\nvectors:\n"      \
      ".rept 32\nj entry\n.endr\nentry:\naddi sp, sp, -64\n"                                 \
      "sw ra, 0(sp)\nsw t0, 4(sp)\nsw t1, 8(sp)\nsw t2, 12(sp)\nsw a0, 16(sp)\nsw a1, 20(sp)\n" \
      "sw a2, 24(sp)\nsw a3, 28(sp)\nsw a4, 32(sp)\nsw a5, 36(sp)\nsw a6, 40(sp)\nsw a7, 44(sp)\n" \
      "sw t3, 48(sp)\nsw t4, 52(sp)\nsw t5, 56(sp)\nsw t6, 60(sp)\ncall handle\n"            \
      "lw ra, 0(sp)\nlw t0, 4(sp)\nlw t1, 8(sp)\nlw t2, 12(sp)\nlw a0, 16(sp)\nlw a1, 20(sp)\n" \
      "lw a2, 24(sp)\nlw a3, 28(sp)\nlw a4, 32(sp)\nlw a5, 36(sp)\nlw a6, 40(sp)\nlw a7, 44(sp)\n" \
      "lw t3, 48(sp)\nlw t4, 52(sp)\nlw t5, 56(sp)\nlw t6, 60(sp)\naddi sp, sp, 64\nmret\n.previous\n")
