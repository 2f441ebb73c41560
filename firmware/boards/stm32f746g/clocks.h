#pragma once

namespace stm32f746g {

// 216 MHz from the board's 25 MHz oscillator; APB1 at 54 MHz, APB2 at 108 MHz.
void start_clocks();

}  // namespace stm32f746g
