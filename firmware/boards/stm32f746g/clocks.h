#pragma once

#include "board_map.h"

namespace stm32f746g {

// From here on a peripheral may be accessed: RCC is read back, since an access right behind the enabling may be lost
// (erratum "delay after an RCC peripheral clock enabling", ES0290).
inline void enable_clock(stm32f746::Register& enables, uint32_t bits) {
  enables = enables | bits;
  static_cast<void>(static_cast<uint32_t>(enables));
}

// 216 MHz from the board's 25 MHz oscillator; APB1 at 54 MHz, APB2 at 108 MHz.
void start_clocks();

// PLLI2S at 426 MHz / 13 = 32.77 MHz for SAI2, 38 ppm above 8 * 256 * 16 kHz: 25 MHz / 25 has no multiple that is
// nearer.
void start_audio_clock();

}  // namespace stm32f746g
