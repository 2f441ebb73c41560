// The log: UART0, polled, so that it also works in the fault handler.
#include "log.h"

#include "board_map.h"
#include "runtime/board.h"

namespace {

uint32_t bytes_waiting() {
  constexpr uint32_t kTxFifoCount = 0x3FF;
  return esp32c3::uart().STATUS >> 16 & kTxFifoCount;
}

}  // namespace

namespace esp32c3 {

void start_log() {
  constexpr uint32_t kCrystalHz = 40'000'000;  // whatever the core runs at: a fault may come before its clock
  constexpr uint32_t kBaud = 115'200;
  constexpr uint32_t kSixteenths = (16 * kCrystalHz + kBaud / 2) / kBaud;
  constexpr uint32_t kFromCrystal = 3u << 20;
  constexpr uint32_t kClockOn = 1u << 22 | 1u << 24 | 1u << 25;  // for the core, sending, receiving
  constexpr uint32_t kEightBitsOneStop = 3u << 2 | 1u << 4;
  constexpr uint32_t kMemoryClock = 1u << 28;  // of the FIFO; on after reset
  uart().CLK_CONF = kFromCrystal | kClockOn;
  uart().CLKDIV = kSixteenths / 16 | (kSixteenths % 16) << 20;
  uart().CONF0 = kEightBitsOneStop | kMemoryClock;
}

}  // namespace esp32c3

namespace board {

void write_log(const char* text, size_t size) {
  constexpr uint32_t kFifoBytes = 128;
  for (size_t i = 0; i < size; ++i) {
    while (bytes_waiting() >= kFifoBytes) {
    }
    esp32c3::uart().FIFO = static_cast<uint8_t>(text[i]);
  }
}

void recover_log() {
  esp32c3::start_log();  // the fault may have come before it
  write_log("\r\n", 2);  // after what was cut off
}

}  // namespace board
