#pragma once

namespace esp32c3 {

// UART0 at 115,200 baud, on the pin that the ROM's own messages come out of (GPIO21).
void start_log();

}  // namespace esp32c3
