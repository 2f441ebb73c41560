// Control and status registers of a RISC-V core in machine mode. RISC-V privileged architecture 1.10, chapter 3.
#pragma once

#include <cstdint>

#define RISCV_READ_CSR(name)                       \
  ([] {                                            \
    uint32_t value;                                \
    asm volatile("csrr %0, " #name : "=r"(value)); \
    return value;                                  \
  }())

#define RISCV_WRITE_CSR(name, value) asm volatile("csrw " #name ", %0" ::"r"(value) : "memory")
#define RISCV_SET_CSR(name, bits) asm volatile("csrs " #name ", %0" ::"r"(bits) : "memory")
#define RISCV_CLEAR_CSR(name, bits) asm volatile("csrc " #name ", %0" ::"r"(bits) : "memory")

namespace riscv {

constexpr uint32_t kInterruptsOpen = 1u << 3;  // mstatus.MIE
constexpr uint32_t kIsInterrupt = 1u << 31;    // mcause

}  // namespace riscv
