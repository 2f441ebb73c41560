// RM0385 rev 8: SAI in chapter 33, DMA in 8.3; the format is that of ST's driver for this board.
#include "audio_input.h"

#include "board_map.h"
#include "clocks.h"

namespace {

using stm32f746::Sai;
using stm32f746g::dma2;
using stm32f746g::rcc;
using stm32f746g::sai2;

constexpr uint32_t kEnabled = 1u << 16;  // CR1 of SAI
constexpr uint32_t kWithDma = 1u << 17;
constexpr uint32_t kFlushFifo = 1u << 3;  // CR2: and request a transfer for every word
constexpr uint32_t kOverrun = 1u << 0;    // IM, CLRFR
constexpr uint32_t kStreamEnabled = 1u << 0;
constexpr uint32_t kHalfAndComplete = 1u << 3 | 1u << 4;
constexpr uint32_t kAllOfStream = 0x3Du << 22;

stm32f746::Dma::Stream& stream() { return dma2().streams[stm32f746g::kAudioStream]; }

void connect(stm32f746::Gpio& port, unsigned pin) {
  constexpr uint32_t kFast = 2;
  constexpr uint32_t kAlternateFunction = 2;
  constexpr uint32_t kSai2Function = 10;
  port.OSPEEDR = port.OSPEEDR | kFast << (pin * 2);
  port.AFR[pin / 8] = port.AFR[pin / 8] | kSai2Function << (pin % 8 * 4);
  port.MODER = port.MODER | kAlternateFunction << (pin * 2);
}

void enable(Sai::Block& block) { block.CR1 = block.CR1 | kEnabled; }

// It ends with the frame under way.
void disable(Sai::Block& block) {
  block.CR1 = block.CR1 & ~kEnabled;
  while ((block.CR1 & kEnabled) != 0) {
  }
}

// While the block is off: I2S frames of 64 bits, four slots of 16 bits, of which the codec sends the second ones.
void configure(Sai::Block& block, uint32_t mode) {
  constexpr uint32_t k16Bits = 4u << 5;
  constexpr uint32_t kSampledOnRisingEdge = 1u << 9;
  constexpr uint32_t kFrame = 63u | 31u << 8 | 1u << 16 | 1u << 18;
  constexpr uint32_t kSlots = 3u << 8 | 0b1010u << 16;
  block.CR1 = mode | k16Bits | kSampledOnRisingEdge;
  block.CR2 = kFlushFifo;
  block.FRCR = kFrame;
  block.SLOTR = kSlots;
}

void start_stream(int16_t* words, size_t count) {
  constexpr uint32_t kCircular = 1u << 8;
  constexpr uint32_t kMemoryGoesOn = 1u << 10;
  constexpr uint32_t kHalfwords = 1u << 11 | 1u << 13;
  constexpr uint32_t kHighPriority = 2u << 16;
  dma2().HIFCR = kAllOfStream;
  stream().PAR = reinterpret_cast<uintptr_t>(&sai2().b.DR);
  stream().M0AR = reinterpret_cast<uintptr_t>(words);
  stream().NDTR = count;
  stream().CR = kHalfAndComplete | kCircular | kMemoryGoesOn | kHalfwords | kHighPriority;  // channel 0
  stream().CR = stream().CR | kStreamEnabled;
}

}  // namespace

namespace stm32f746g {

void AudioInput::prepare() {
  constexpr uint32_t kPortsGIDma2Clocks = 1u << 6 | 1u << 8 | 1u << 22;
  constexpr uint32_t kSai2Clock = 1u << 23;
  constexpr uint32_t kMasterReceiver = 1u | 4u << 20;  // MCLK is the kernel's clock / 8
  constexpr uint32_t kSlaveReceiverOfA = 3u | 1u << 10;
  start_audio_clock();
  enable_clock(rcc().AHB1ENR, kPortsGIDma2Clocks);
  enable_clock(rcc().APB2ENR, kSai2Clock);
  for (const unsigned pin : kAudioClockPins) {
    connect(port_i(), pin);
  }
  connect(port_g(), kAudioDataPin);
  configure(sai2().a, kMasterReceiver);
  configure(sai2().b, kSlaveReceiverOfA);
  enable(sai2().a);
}

// Chapter 33.3: DMA before the blocks, the slave before its master.
void AudioInput::start(int16_t* words, size_t count) {
  count_ = count;
  lost_words_ = 0;
  disable(sai2().a);
  start_stream(words, count);
  sai2().b.CR2 = kFlushFifo;
  sai2().b.CLRFR = kOverrun;
  sai2().b.IM = kOverrun;
  sai2().b.CR1 = sai2().b.CR1 | kWithDma;
  enable(sai2().b);
  enable(sai2().a);
}

// A stream that is switched off says that it is complete (chapter 8.3.14): nobody is to hear of it.
void AudioInput::stop() {
  disable(sai2().b);
  sai2().b.IM = 0;
  sai2().b.CR1 = sai2().b.CR1 & ~kWithDma;
  stream().CR = stream().CR & ~(kStreamEnabled | kHalfAndComplete);
  while ((stream().CR & kStreamEnabled) != 0) {
  }
  dma2().HIFCR = kAllOfStream;
}

void AudioInput::count_overrun() {
  sai2().b.CLRFR = kOverrun;
  lost_words_ = lost_words_ + kAudioSlots;
}

}  // namespace stm32f746g
