// The log's other direction: USART1, polled.
#ifdef LAB_RECORDER

#include "board_map.h"
#include "clocks.h"
#include "runtime/board.h"

namespace board {

void start_receiving() {
  constexpr uint32_t kPortBClock = 1u << 1;
  constexpr uint32_t kAlternateFunction = 2;
  constexpr uint32_t kUsart1Function = 7;
  constexpr uint32_t kReceiver = 1u << 2;
  auto& port = stm32f746g::port_b();
  stm32f746g::enable_clock(stm32f746g::rcc().AHB1ENR, kPortBClock);
  port.AFR[stm32f746g::kLogRxPin / 8] = port.AFR[stm32f746g::kLogRxPin / 8] | kUsart1Function
                                                                                  << (stm32f746g::kLogRxPin % 8 * 4);
  port.MODER = port.MODER | kAlternateFunction << (stm32f746g::kLogRxPin * 2);
  stm32f746g::usart().CR1 = stm32f746g::usart().CR1 | kReceiver;
}

int received() {
  constexpr uint32_t kReceived = 1u << 5;
  constexpr uint32_t kOverrun = 1u << 3;
  auto& usart = stm32f746g::usart();
  usart.ICR = kOverrun;
  return (usart.ISR & kReceived) != 0 ? static_cast<uint8_t>(usart.RDR) : -1;
}

}  // namespace board

#endif
