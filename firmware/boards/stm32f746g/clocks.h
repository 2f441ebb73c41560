#pragma once

namespace stm32f746g {

// 216 MHz from the board's 25 MHz oscillator; APB1 at 54 MHz, APB2 at 108 MHz.
void start_clocks();

// PLLI2S at 426 MHz / 13 = 32.77 MHz for SAI2, 38 ppm above 8 * 256 * 16 kHz: 25 MHz / 25 has no multiple that is
// nearer.
void start_audio_clock();

}  // namespace stm32f746g
