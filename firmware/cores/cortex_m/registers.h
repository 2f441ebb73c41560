// Registers that every Armv7-M core has. Armv7-M architecture reference manual, B3.2 to B3.4 and C1.8.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cortex_m {

using Register = volatile uint32_t;

struct SystemTimer {
  Register CTRL;
  Register LOAD;
  Register VAL;
};

struct InterruptController {
  Register ISER[8];
  uint32_t reserved_0[24];
  Register ICER[8];
  uint32_t reserved_1[24];
  Register ISPR[8];
  uint32_t reserved_2[24];
  Register ICPR[8];
  uint32_t reserved_3[88];
  volatile uint8_t IPR[240];
};
static_assert(offsetof(InterruptController, ICPR) == 0x180 && offsetof(InterruptController, IPR) == 0x300);

struct SystemControl {
  Register CPUID;
  Register ICSR;
  Register VTOR;
  Register AIRCR;
  Register SCR;
  Register CCR;
  Register SHPR[3];
  Register SHCSR;
  Register CFSR;
  Register HFSR;
  Register DFSR;
  Register MMFAR;
  Register BFAR;
  uint32_t reserved_0[19];
  Register CPACR;
  uint32_t reserved_1[28];
  Register DEMCR;
};
static_assert(offsetof(SystemControl, CPACR) == 0x88 && offsetof(SystemControl, DEMCR) == 0xFC);

struct Watchpoint {
  Register CTRL;
  Register CYCCNT;
  uint32_t reserved_0[1002];
  Register LAR;
};
static_assert(offsetof(Watchpoint, LAR) == 0xFB0);

// Of a Cortex-M7 alone.
struct Cache {
  Register CCSIDR;
  Register CSSELR;
  uint32_t reserved_0[114];
  Register ICIALLU;
  uint32_t reserved_1[3];
  Register DCISW;
};
static_assert(offsetof(Cache, ICIALLU) == 0x1D0 && offsetof(Cache, DCISW) == 0x1E0);

inline SystemTimer& systick() { return *reinterpret_cast<SystemTimer*>(0xE000E010); }
inline InterruptController& nvic() { return *reinterpret_cast<InterruptController*>(0xE000E100); }
inline SystemControl& scb() { return *reinterpret_cast<SystemControl*>(0xE000ED00); }
inline Cache& cache() { return *reinterpret_cast<Cache*>(0xE000ED80); }
inline Watchpoint& dwt() { return *reinterpret_cast<Watchpoint*>(0xE0001000); }

}  // namespace cortex_m
