#pragma once

namespace stm32f746g {

// USART1 at 115,200 baud, to the debugger's virtual serial port.
void start_log();

}  // namespace stm32f746g
