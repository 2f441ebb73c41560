// The audio codec WM8994, with both digital microphones of the board on its DMICDAT2.
#pragma once

#include <cstdint>

namespace stm32f746g {

class Codec {
 public:
  // Makes the microphones the second slots of both halves of AIF1's frames: I2S, 16 bits, 16 kHz, 256 periods of MCLK a
  // frame. MCLK has to run; `wait` sleeps for so many milliseconds at least. Returns what is wrong, or nullptr.
  const char* start(void (*wait)(uint32_t milliseconds));
};

}  // namespace stm32f746g
