// The log: USART1, polled, so that it also works in the fault handler.
#include "log.h"

#include "board_map.h"
#include "clocks.h"
#include "runtime/board.h"

namespace {

constexpr uint32_t kTxEmpty = 1u << 7;

}  // namespace

namespace stm32f746g {

void start_log() {
  constexpr uint32_t kPortAClock = 1u << 0;
  constexpr uint32_t kUsart1Clock = 1u << 4;
  constexpr uint32_t kAlternateFunction = 2;
  constexpr uint32_t kUsart1Function = 7;
  constexpr uint32_t kApb2Hz = kClockHz / 2;
  constexpr uint32_t kBaud = 115'200;
  constexpr uint32_t kEnabledToSend = 1u << 0 | 1u << 3;
  enable_clock(rcc().AHB1ENR, kPortAClock);
  enable_clock(rcc().APB2ENR, kUsart1Clock);
  port_a().AFR[kLogTxPin / 8] = port_a().AFR[kLogTxPin / 8] | kUsart1Function << (kLogTxPin % 8 * 4);
  port_a().MODER = port_a().MODER | kAlternateFunction << (kLogTxPin * 2);
  usart().BRR = (kApb2Hz + kBaud / 2) / kBaud;
  usart().CR1 = kEnabledToSend;
}

}  // namespace stm32f746g

namespace board {

void write_log(const char* text, size_t size) {
  auto& usart = stm32f746g::usart();
  for (size_t i = 0; i < size; ++i) {
    while ((usart.ISR & kTxEmpty) == 0) {
    }
    usart.TDR = static_cast<uint8_t>(text[i]);
  }
}

void recover_log() {
  stm32f746g::start_log();  // the fault may have come before it
  write_log("\r\n", 2);     // after what was cut off
}

}  // namespace board
