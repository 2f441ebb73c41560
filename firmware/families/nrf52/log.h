#pragma once

namespace nrf52 {

// The UARTE at 115,200 baud on the board's TX pin.
void start_log();

}  // namespace nrf52
