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
  uint32_t reserved_0[4];
  Register PERIP_CLK_EN0;
  uint32_t reserved_1[1];
  Register PERIP_RST_EN0;
};
static_assert(offsetof(System, PERIP_CLK_EN0) == 0x10 && offsetof(System, PERIP_RST_EN0) == 0x18);

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
