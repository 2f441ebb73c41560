// The log: UARTE with EasyDMA, polled, so that it also works in the fault handler.
#include "families/nrf52/log.h"

#include "board_map.h"
#include "families/nrf52/chip.h"
#include "runtime/board.h"

namespace nrf52 {

void start_log() {
  constexpr uint32_t kBaud115200 = 0x01D7E000;
  constexpr uint32_t kEnabled = 8;
  drive(board_map::kLogTxPin, true);
  uarte().PSEL_TXD = board_map::kLogTxPin;
  uarte().BAUDRATE = kBaud115200;
  uarte().ENABLE = kEnabled;
}

}  // namespace nrf52

namespace board {

void write_log(const char* text, size_t size) {
  auto& uarte = nrf52::uarte();
  uarte.EVENTS_ENDTX = 0;
  uarte.TXD_PTR = nrf52::address_of(text);
  uarte.TXD_MAXCNT = size;
  asm volatile("dmb" ::: "memory");  // the text is in RAM before the DMA reads it
  uarte.TASKS_STARTTX = 1;
  while (uarte.EVENTS_ENDTX == 0) {
  }
}

void recover_log() {
  constexpr int kLongerThanOneByte = 100'000;
  auto& uarte = nrf52::uarte();
  uarte.TASKS_STOPTX = 1;
  // The event does not come if nothing was being sent.
  for (int tries = 0; tries < kLongerThanOneByte && uarte.EVENTS_TXSTOPPED == 0; ++tries) {
  }
  static char line_end[] = {'\r', '\n'};  // after what was cut off
  write_log(line_end, sizeof(line_end));
}

}  // namespace board
