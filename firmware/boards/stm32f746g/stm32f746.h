// The STM32F746's peripherals that this board uses. RM0385 rev 8; chapters named below.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stm32f746 {

using Register = volatile uint32_t;

// Chapter 3.7, flash interface.
struct Flash {
  Register ACR;
};

// Chapter 4.4, power controller.
struct Power {
  Register CR1;
  Register CSR1;
};

// Chapter 5.3, reset and clock control.
struct ResetClock {
  Register CR;
  Register PLLCFGR;
  Register CFGR;
  uint32_t reserved_0[9];
  Register AHB1ENR;
  uint32_t reserved_1[3];
  Register APB1ENR;
  Register APB2ENR;
  uint32_t reserved_2[15];
  Register PLLI2SCFGR;
  Register PLLSAICFGR;
  Register DCKCFGR1;
};
static_assert(offsetof(ResetClock, AHB1ENR) == 0x30 && offsetof(ResetClock, APB2ENR) == 0x44);
static_assert(offsetof(ResetClock, PLLI2SCFGR) == 0x84 && offsetof(ResetClock, DCKCFGR1) == 0x8C);

// Chapter 6.4, general-purpose I/O: one port.
struct Gpio {
  Register MODER;
  Register OTYPER;
  Register OSPEEDR;
  Register PUPDR;
  Register IDR;
  Register ODR;
  Register BSRR;
  Register LCKR;
  Register AFR[2];
};
static_assert(offsetof(Gpio, AFR) == 0x20);

// Chapter 8.5, DMA: one controller.
struct Dma {
  struct Stream {
    Register CR;
    Register NDTR;
    Register PAR;
    Register M0AR;
    Register M1AR;
    Register FCR;
  };
  Register LISR;
  Register HISR;
  Register LIFCR;
  Register HIFCR;
  Stream streams[8];
};
static_assert(offsetof(Dma, streams) == 0x10 && sizeof(Dma::Stream) == 0x18);

// Chapter 11.9, external interrupts.
struct ExternalInterrupts {
  Register IMR;
  Register EMR;
  Register RTSR;
  Register FTSR;
  Register SWIER;
  Register PR;
};

// Chapter 30.7, I2C.
struct I2c {
  Register CR1;
  Register CR2;
  Register OAR1;
  Register OAR2;
  Register TIMINGR;
  Register TIMEOUTR;
  Register ISR;
  Register ICR;
  Register PECR;
  Register RXDR;
  Register TXDR;
};
static_assert(offsetof(I2c, TIMINGR) == 0x10 && offsetof(I2c, ISR) == 0x18 && offsetof(I2c, TXDR) == 0x28);

// Chapter 31.8, USART.
struct Usart {
  Register CR1;
  Register CR2;
  Register CR3;
  Register BRR;
  uint32_t reserved_0[3];
  Register ISR;
  Register ICR;
  Register RDR;
  Register TDR;
};
static_assert(offsetof(Usart, ISR) == 0x1C && offsetof(Usart, TDR) == 0x28);

// Chapter 33.5, serial audio interface.
struct Sai {
  struct Block {
    Register CR1;
    Register CR2;
    Register FRCR;
    Register SLOTR;
    Register IM;
    Register SR;
    Register CLRFR;
    Register DR;
  };
  Register GCR;
  Block a;
  Block b;
};
static_assert(offsetof(Sai, b) == 0x24 && offsetof(Sai::Block, DR) == 0x1C);

}  // namespace stm32f746
