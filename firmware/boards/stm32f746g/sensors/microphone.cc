// The left one of the two microphones, 20 ms after 20 ms.
#include "audio_input.h"
#include "board_map.h"
#include "cores/cortex_m/core.h"
#include "prepare_sensor.h"
#include "runtime/board.h"
#include "runtime/sensor.h"
#include "wm8994.h"

extern "C" {
void audio_stream_handler();
void audio_overrun_handler();
}

namespace {

constexpr size_t kHalfFrames = 320;
constexpr size_t kHalfWords = kHalfFrames * stm32f746g::kAudioSlots;

int16_t words[2 * kHalfWords] __attribute__((section(".bss.dma")));

void wait(uint32_t milliseconds) {
  const uint32_t begin = board::milliseconds();
  while (board::milliseconds() - begin <= milliseconds) {
    board::wait_for_interrupt();
  }
}

class Microphone final : public sensor::Driver {
 public:
  void prepare() {
    input_.prepare();
    wrong_ = codec_.start(wait);
  }

  const char* start(const sensor::Settings& settings, sensor::Sink sink) override {
    constexpr uint32_t kRateHz = 16'000;
    constexpr uint8_t kHighestPriority = 0;
    if (wrong_ != nullptr) {
      return wrong_;
    }
    if (settings.rate_hz != kRateHz) {
      return "The microphone delivers 16,000 samples a second";
    }
    sink_ = sink;
    input_.start(words, 2 * kHalfWords);
    cortex_m::enable_interrupt(stm32f746g::kAudioStreamInterrupt, kHighestPriority);
    cortex_m::enable_interrupt(stm32f746g::kAudioOverrunInterrupt, kHighestPriority);
    return nullptr;
  }

  void stop() override {
    cortex_m::disable_interrupt(stm32f746g::kAudioStreamInterrupt);
    cortex_m::disable_interrupt(stm32f746g::kAudioOverrunInterrupt);
    input_.stop();
    cortex_m::clear_pending(stm32f746g::kAudioStreamInterrupt);
    cortex_m::clear_pending(stm32f746g::kAudioOverrunInterrupt);
  }

  // The half that has just been filled is ours for 20 ms: the left words move together at its beginning.
  void on_interrupt() {
    const int full = input_.full_half();
    if (full < 0) {
      return;
    }
    int16_t* half = words + full * kHalfWords;
    for (size_t i = 1; i < kHalfFrames; ++i) {
      half[i] = half[i * stm32f746g::kAudioSlots];
    }
    sink_(half, kHalfFrames);
  }

  void on_overrun() { input_.count_overrun(); }

  uint32_t lost_frames() const override { return input_.lost_words() / stm32f746g::kAudioSlots; }

 private:
  stm32f746g::AudioInput input_;
  stm32f746g::Codec codec_;
  const char* wrong_ = nullptr;
  sensor::Sink sink_ = nullptr;
};

Microphone microphone;

}  // namespace

void audio_stream_handler() { microphone.on_interrupt(); }

void audio_overrun_handler() { microphone.on_overrun(); }

void stm32f746g::prepare_sensor() { microphone.prepare(); }

sensor::Driver& sensor::driver = microphone;
