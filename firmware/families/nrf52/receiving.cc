// The log's other direction: UARTE with EasyDMA, a byte at a time, polled.
#ifdef LAB_RECORDER

#include "board_map.h"
#include "families/nrf52/chip.h"
#include "runtime/board.h"

namespace {

volatile uint8_t byte = 0;

void receive_one() {
  nrf52::uarte().EVENTS_ENDRX = 0;
  nrf52::uarte().TASKS_STARTRX = 1;
}

}  // namespace

namespace board {

void start_receiving() {
  constexpr uint32_t kEnabled = 8;
  auto& uarte = nrf52::uarte();
  uarte.ENABLE = 0;  // pins are taken over while it is off
  uarte.PSEL_RXD = board_map::kLogRxPin;
  uarte.ENABLE = kEnabled;
  uarte.RXD_PTR = nrf52::address_of(const_cast<const uint8_t*>(&byte));
  uarte.RXD_MAXCNT = 1;
  receive_one();
}

int received() {
  if (nrf52::uarte().EVENTS_ENDRX == 0) {
    return -1;
  }
  const int taken = byte;
  receive_one();
  return taken;
}

}  // namespace board

#endif
