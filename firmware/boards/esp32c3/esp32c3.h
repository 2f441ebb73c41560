// The ESP32-C3's peripherals that this board uses. ESP32-C3 technical reference manual 1.1; chapters named below.
#pragma once

#include <cstddef>
#include <cstdint>

namespace esp32c3 {

using Register = volatile uint32_t;

// Chapter 5, GPIO matrix and IO MUX.
struct Gpio {
  uint32_t reserved_0[9];
  Register ENABLE_W1TS;
  uint32_t reserved_1[19];
  Register PIN[22];
  uint32_t reserved_2[34];
  Register FUNC_IN_SEL_CFG[128];
  uint32_t reserved_3[128];
  Register FUNC_OUT_SEL_CFG[22];
};
static_assert(offsetof(Gpio, ENABLE_W1TS) == 0x24 && offsetof(Gpio, PIN) == 0x74 &&
              offsetof(Gpio, FUNC_IN_SEL_CFG) == 0x154 && offsetof(Gpio, FUNC_OUT_SEL_CFG) == 0x554);

struct IoMux {
  uint32_t reserved_0[1];
  Register GPIO[22];
};

// Chapter 16, system registers.
struct System {
  uint32_t reserved_0[2];
  Register CPU_PER_CONF;
  uint32_t reserved_1[1];
  Register PERIP_CLK_EN0;
  Register PERIP_CLK_EN1;
  Register PERIP_RST_EN0;
  Register PERIP_RST_EN1;
  uint32_t reserved_2[14];
  Register SYSCLK_CONF;
};
static_assert(offsetof(System, CPU_PER_CONF) == 0x08 && offsetof(System, PERIP_CLK_EN0) == 0x10 &&
              offsetof(System, PERIP_RST_EN1) == 0x1C && offsetof(System, SYSCLK_CONF) == 0x58);

// Chapters 9 and 12, low-power management (RTC_CNTL) with its watchdogs.
struct LowPower {
  Register OPTIONS0;
  uint32_t reserved_0[35];
  Register WDTCONFIG0;
  uint32_t reserved_1[5];
  Register WDTWPROTECT;
  Register SWD_CONF;
  Register SWD_WPROTECT;
};
static_assert(offsetof(LowPower, WDTCONFIG0) == 0x90 && offsetof(LowPower, WDTWPROTECT) == 0xA8 &&
              offsetof(LowPower, SWD_WPROTECT) == 0xB0);

// Chapters 11 and 12, a timer group: its watchdog.
struct TimerGroup {
  uint32_t reserved_0[18];
  Register WDTCONFIG0;
  uint32_t reserved_1[6];
  Register WDTWPROTECT;
};
static_assert(offsetof(TimerGroup, WDTCONFIG0) == 0x48 && offsetof(TimerGroup, WDTWPROTECT) == 0x64);

// The bus to analog parts, which is not in the manual: ESP-IDF, soc/regi2c_defs.h.
struct Analog {
  Register I2C0_CTRL;
  uint32_t reserved_0[15];
  Register ANA_CONF0;
  Register ANA_CONFIG;
};
static_assert(offsetof(Analog, ANA_CONF0) == 0x40 && offsetof(Analog, ANA_CONFIG) == 0x44);

// Chapter 8, interrupt matrix.
struct InterruptMatrix {
  Register MAP[62];
  uint32_t reserved_0[3];
  Register ENABLE;
  Register TYPE;
  uint32_t reserved_1[2];
  Register PRI[32];
  Register THRESH;
};
static_assert(offsetof(InterruptMatrix, ENABLE) == 0x104 && offsetof(InterruptMatrix, PRI) == 0x114 &&
              offsetof(InterruptMatrix, THRESH) == 0x194);

// Chapter 2, GDMA: what one of its channels receives.
struct Gdma {
  struct {
    Register RAW;
    Register ST;
    Register ENA;
    Register CLR;
  } INT[3];
  uint32_t reserved_0[16];
  struct {
    Register CONF0;
    Register CONF1;
    uint32_t reserved_0[2];
    Register LINK;
    uint32_t reserved_1[1];
    Register SUC_EOF_DES_ADDR;
    uint32_t reserved_2[5];
    Register PERI_SEL;
    uint32_t reserved_3[35];
  } IN[3];
};
static_assert(offsetof(Gdma, IN[0].LINK) == 0x80 && offsetof(Gdma, IN[0].SUC_EOF_DES_ADDR) == 0x88 &&
              offsetof(Gdma, IN[0].PERI_SEL) == 0xA0 && offsetof(Gdma, IN[1].CONF0) == 0x130);

// Where received bytes go; the controller writes `head` back. A multiple of 4, in RAM.
struct Descriptor {
  static constexpr uint32_t kOwnedByDma = 1u << 31;

  Register head;  // owner, success, and in 12 bits each length and size
  const void* buffer;
  const Descriptor* next;
};

// Chapter 29, I2S controller.
struct I2s {
  uint32_t reserved_0[8];
  Register RX_CONF;
  uint32_t reserved_1[1];
  Register RX_CONF1;
  uint32_t reserved_2[1];
  Register RX_CLKM_CONF;
  Register TX_CLKM_CONF;
  Register RX_CLKM_DIV_CONF;
  uint32_t reserved_3[5];
  Register RX_TDM_CTRL;
  uint32_t reserved_4[4];
  Register RXEOF_NUM;
};
static_assert(offsetof(I2s, RX_CONF1) == 0x28 && offsetof(I2s, RX_CLKM_DIV_CONF) == 0x38 &&
              offsetof(I2s, RX_TDM_CTRL) == 0x50 && offsetof(I2s, RXEOF_NUM) == 0x64);

// Chapter 10, system timer.
struct SystemTimer {
  Register CONF;
  Register UNIT_OP[2];
  uint32_t reserved_0[10];
  Register TARGET_CONF[3];
  struct {
    Register HI;
    Register LO;
  } UNIT_VALUE[2];
  Register COMP_LOAD[3];
  uint32_t reserved_1[2];
  Register INT_ENA;
  uint32_t reserved_2[1];
  Register INT_CLR;
};
static_assert(offsetof(SystemTimer, TARGET_CONF) == 0x34 && offsetof(SystemTimer, UNIT_VALUE) == 0x40 &&
              offsetof(SystemTimer, COMP_LOAD) == 0x50 && offsetof(SystemTimer, INT_ENA) == 0x64 &&
              offsetof(SystemTimer, INT_CLR) == 0x6C);

// Chapter 28, I2C controller.
struct I2c {
  Register SCL_LOW_PERIOD;
  Register CTR;
  uint32_t reserved_0[4];
  Register FIFO_CONF;
  Register DATA;
  Register INT_RAW;
  Register INT_CLR;
  uint32_t reserved_1[2];
  Register SDA_HOLD;
  Register SDA_SAMPLE;
  Register SCL_HIGH_PERIOD;
  uint32_t reserved_2[1];
  Register SCL_START_HOLD;
  Register SCL_RSTART_SETUP;
  Register SCL_STOP_HOLD;
  Register SCL_STOP_SETUP;
  Register FILTER_CFG;
  Register CLK_CONF;
  Register COMD[8];
};
static_assert(offsetof(I2c, FIFO_CONF) == 0x18 && offsetof(I2c, INT_CLR) == 0x24 && offsetof(I2c, SDA_HOLD) == 0x30 &&
              offsetof(I2c, SCL_START_HOLD) == 0x40 && offsetof(I2c, COMD) == 0x58);

// Chapter 26, UART controller.
struct Uart {
  Register FIFO;
  uint32_t reserved_0[4];
  Register CLKDIV;
  uint32_t reserved_1[1];
  Register STATUS;
  Register CONF0;
  uint32_t reserved_2[21];
  Register CLK_CONF;
};
static_assert(offsetof(Uart, CLKDIV) == 0x14 && offsetof(Uart, STATUS) == 0x1C && offsetof(Uart, CLK_CONF) == 0x78);

}  // namespace esp32c3
