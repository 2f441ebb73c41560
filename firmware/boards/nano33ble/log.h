#pragma once

namespace nano33ble {

// The UARTE at 115,200 baud on the board's TX pin.
void start_log();

}  // namespace nano33ble
