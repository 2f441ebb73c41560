// The ESP32-C3's peripherals that this board uses. ESP32-C3 technical reference manual 1.1; chapters named below.
#pragma once

#include <cstddef>
#include <cstdint>

namespace esp32c3 {

using Register = volatile uint32_t;

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
