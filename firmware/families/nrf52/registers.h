// The nRF52's peripherals that the boards use. nRF52840 product specification 1.7; chapters named below.
#pragma once

#include <cstddef>
#include <cstdint>

namespace nrf52 {

using Register = volatile uint32_t;

// Chapter 5.4, CLOCK.
struct Clock {
  Register TASKS_HFCLKSTART;
  uint32_t reserved_0[1];
  Register TASKS_LFCLKSTART;
  uint32_t reserved_1[61];
  Register EVENTS_HFCLKSTARTED;
  uint32_t reserved_2[261];
  Register LFCLKSRC;
};
static_assert(offsetof(Clock, EVENTS_HFCLKSTARTED) == 0x100 && offsetof(Clock, LFCLKSRC) == 0x518);

// Chapter 4.3, NVMC: its control of the cache.
struct Nvmc {
  uint32_t reserved_0[336];
  Register ICACHECNF;
};
static_assert(offsetof(Nvmc, ICACHECNF) == 0x540);

// Chapter 6.9, GPIO: one port.
struct Gpio {
  uint32_t reserved_0[321];
  Register OUT;
  Register OUTSET;
  Register OUTCLR;
  Register IN;
  Register DIR;
  Register DIRSET;
  Register DIRCLR;
  uint32_t reserved_1[120];
  Register PIN_CNF[32];
};
static_assert(offsetof(Gpio, OUT) == 0x504 && offsetof(Gpio, PIN_CNF) == 0x700);

// Chapter 6.34, UARTE.
struct Uarte {
  Register TASKS_STARTRX;
  Register TASKS_STOPRX;
  Register TASKS_STARTTX;
  Register TASKS_STOPTX;
  uint32_t reserved_0[64];
  Register EVENTS_ENDRX;
  uint32_t reserved_1[3];
  Register EVENTS_ENDTX;
  uint32_t reserved_2[13];
  Register EVENTS_TXSTOPPED;
  uint32_t reserved_3[233];
  Register ENABLE;
  uint32_t reserved_4[1];
  Register PSEL_RTS;
  Register PSEL_TXD;
  Register PSEL_CTS;
  Register PSEL_RXD;
  uint32_t reserved_5[3];
  Register BAUDRATE;
  uint32_t reserved_6[3];
  Register RXD_PTR;
  Register RXD_MAXCNT;
  uint32_t reserved_7[2];
  Register TXD_PTR;
  Register TXD_MAXCNT;
};
static_assert(offsetof(Uarte, EVENTS_ENDRX) == 0x110 && offsetof(Uarte, EVENTS_ENDTX) == 0x120 &&
              offsetof(Uarte, EVENTS_TXSTOPPED) == 0x158 && offsetof(Uarte, ENABLE) == 0x500 &&
              offsetof(Uarte, BAUDRATE) == 0x524 && offsetof(Uarte, RXD_PTR) == 0x534 &&
              offsetof(Uarte, TXD_PTR) == 0x544);

// Chapter 6.15, PDM.
struct Pdm {
  Register TASKS_START;
  Register TASKS_STOP;
  uint32_t reserved_0[62];
  Register EVENTS_STARTED;
  Register EVENTS_STOPPED;
  Register EVENTS_END;
  uint32_t reserved_1[126];
  Register INTENSET;
  Register INTENCLR;
  uint32_t reserved_2[125];
  Register ENABLE;
  Register PDMCLKCTRL;
  Register MODE;
  uint32_t reserved_3[5];
  Register RATIO;
  uint32_t reserved_4[7];
  Register PSEL_CLK;
  Register PSEL_DIN;
  uint32_t reserved_5[6];
  Register SAMPLE_PTR;
  Register SAMPLE_MAXCNT;
};
static_assert(offsetof(Pdm, EVENTS_STARTED) == 0x100 && offsetof(Pdm, INTENSET) == 0x304 &&
              offsetof(Pdm, ENABLE) == 0x500 && offsetof(Pdm, RATIO) == 0x520 && offsetof(Pdm, PSEL_CLK) == 0x540 &&
              offsetof(Pdm, SAMPLE_PTR) == 0x560);

// Chapter 6.22, RTC.
struct Rtc {
  Register TASKS_START;
  Register TASKS_STOP;
  Register TASKS_CLEAR;
  uint32_t reserved_0[77];
  Register EVENTS_COMPARE[4];
  uint32_t reserved_1[109];
  Register INTENSET;
  Register INTENCLR;
  uint32_t reserved_2[141];
  Register CC[4];
};
static_assert(offsetof(Rtc, EVENTS_COMPARE) == 0x140 && offsetof(Rtc, INTENSET) == 0x304 && offsetof(Rtc, CC) == 0x540);

// Chapter 6.29, TWI without EasyDMA.
struct Twi {
  Register TASKS_STARTRX;
  uint32_t reserved_0[1];
  Register TASKS_STARTTX;
  uint32_t reserved_1[2];
  Register TASKS_STOP;
  uint32_t reserved_2[2];
  Register TASKS_RESUME;
  uint32_t reserved_3[56];
  Register EVENTS_STOPPED;
  Register EVENTS_RXDREADY;
  uint32_t reserved_4[4];
  Register EVENTS_TXDSENT;
  uint32_t reserved_5[1];
  Register EVENTS_ERROR;
  uint32_t reserved_6[54];
  Register SHORTS;
  uint32_t reserved_7[191];
  Register ENABLE;
  uint32_t reserved_8[1];
  Register PSEL_SCL;
  Register PSEL_SDA;
  uint32_t reserved_9[2];
  Register RXD;
  Register TXD;
  uint32_t reserved_10[1];
  Register FREQUENCY;
  uint32_t reserved_11[24];
  Register ADDRESS;
};
static_assert(offsetof(Twi, TASKS_STOP) == 0x14 && offsetof(Twi, EVENTS_STOPPED) == 0x104 &&
              offsetof(Twi, EVENTS_TXDSENT) == 0x11C && offsetof(Twi, EVENTS_ERROR) == 0x124 &&
              offsetof(Twi, SHORTS) == 0x200 && offsetof(Twi, ENABLE) == 0x500 && offsetof(Twi, PSEL_SCL) == 0x508 &&
              offsetof(Twi, RXD) == 0x518 && offsetof(Twi, FREQUENCY) == 0x524 && offsetof(Twi, ADDRESS) == 0x588);

// EasyDMA takes 32-bit addresses in RAM.
inline uint32_t address_of(const void* data) { return reinterpret_cast<uintptr_t>(data); }

}  // namespace nrf52
