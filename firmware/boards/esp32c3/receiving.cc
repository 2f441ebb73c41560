// The log's other direction: UART0, polled, on the pin that the ROM listens on (GPIO20).
#ifdef LAB_RECORDER

#include "board_map.h"
#include "runtime/board.h"

namespace board {

void start_receiving() {}  // it receives as soon as it is configured

int received() {
  constexpr uint32_t kRxFifoCount = 0x3FF;
  return (esp32c3::uart().STATUS & kRxFifoCount) != 0 ? static_cast<uint8_t>(esp32c3::uart().FIFO) : -1;
}

}  // namespace board

#endif
