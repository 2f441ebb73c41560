// SAI2 and DMA2: what the codec sends, 16,000.6 frames a second, into one buffer over and over.
#pragma once

#include <cstddef>
#include <cstdint>

#include "board_map.h"

namespace stm32f746g {

constexpr size_t kAudioSlots = 2;  // words of a frame: the left and the right microphone

class AudioInput {
 public:
  // Clocks, pins, formats. Then only MCLK runs, for the codec.
  void prepare();

  // From now on `words` is filled in circles, `count` words; the stream's interrupt comes at each half.
  void start(int16_t* words, size_t count);
  void stop();

  // In the stream's interrupt: the half that has just been filled, 0 or 1, or -1 for none. Here, so that the handler
  // needs no stack.
  int full_half() {
    constexpr uint32_t kHalf = 1u << 26;  // HISR, HIFCR: of stream 7
    constexpr uint32_t kComplete = 1u << 27;
    const uint32_t flags = dma2().HISR & (kHalf | kComplete);
    dma2().HIFCR = flags;
    if (flags == (kHalf | kComplete)) {
      lost_words_ = lost_words_ + count_ / 2;
      const bool fills_second_half = dma2().streams[kAudioStream].NDTR <= count_ / 2;
      return fills_second_half ? 0 : 1;
    }
    if (flags == 0) {
      return -1;
    }
    return flags == kHalf ? 0 : 1;
  }

  // In SAI2's interrupt: DMA did not take frames in time. How many, the hardware does not say.
  void count_overrun();

  // Since start: words of halves that nobody took before the next one was full, and one frame for each overrun.
  size_t lost_words() const { return lost_words_; }

 private:
  size_t count_ = 0;
  volatile size_t lost_words_ = 0;
};

}  // namespace stm32f746g
