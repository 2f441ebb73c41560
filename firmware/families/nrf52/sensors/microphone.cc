// A PDM microphone on an nRF52 (the Nano 33 BLE has an MP34DT06J): two DMA buffers of 20 ms.
// nRF52840 product specification 1.7, chapter 6.15.
#include <cstdint>

#include "board_map.h"
#include "cores/cortex_m/core.h"
#include "families/nrf52/chip.h"
#include "runtime/sensor.h"

extern "C" void pdm_handler();

namespace {

using nrf52::pdm;

constexpr size_t kBufferFrames = 320;
constexpr uint32_t kRateHz = 16'000;
constexpr uint32_t kStartedAndEnd = 1u << 0 | 1u << 2;

class Microphone final : public sensor::Driver {
 public:
  const char* start(const sensor::Settings& settings, sensor::Sink sink) override {
    constexpr uint32_t kOneSampleA16BitWord = 1;  // mono, left, on the falling edge
    constexpr uint32_t kClock1280kHz = 0x0A000000;
    constexpr uint32_t kRatio80 = 1;  // 1.28 MHz / 80 = 16 kHz
    constexpr uint8_t kHighestPriority = 0;

    if (settings.rate_hz != kRateHz) {
      return "The microphone delivers 16,000 samples a second";
    }
    sink_ = sink;
    queued_ = 0;
    latches_ = false;
    if (board_map::kMicrophonePowerPin != nrf52::kNoPin) {
      nrf52::drive(board_map::kMicrophonePowerPin, true);
    }
    nrf52::drive(board_map::kMicrophoneClockPin, false);
    pdm().PSEL_CLK = board_map::kMicrophoneClockPin;
    pdm().PSEL_DIN = board_map::kMicrophoneDataPin;
    pdm().PDMCLKCTRL = kClock1280kHz;
    pdm().RATIO = kRatio80;
    pdm().MODE = kOneSampleA16BitWord;
    pdm().ENABLE = 1;
    pdm().SAMPLE_MAXCNT = kBufferFrames;
    pdm().SAMPLE_PTR = nrf52::address_of(buffers_[queued_]);
    pdm().EVENTS_STARTED = 0;
    pdm().EVENTS_END = 0;
    pdm().INTENSET = kStartedAndEnd;
    cortex_m::enable_interrupt(nrf52::kPdmInterrupt, kHighestPriority);
    pdm().TASKS_START = 1;
    return nullptr;
  }

  // The peripheral may finish the buffer it is filling: what it still says is not listened to.
  void stop() override {
    pdm().INTENCLR = kStartedAndEnd;
    cortex_m::disable_interrupt(nrf52::kPdmInterrupt);
    pdm().TASKS_STOP = 1;
  }

  // Silicon latches SAMPLE.PTR when it begins a buffer and says STARTED; END of that buffer comes 20 ms later,
  // together with STARTED of the next. Renode's model has no latch: it writes a buffer at its END to where SAMPLE.PTR
  // points, and says STARTED only then. A STARTED before the first END tells which of the two this is.
  void on_interrupt() {
    const bool ended = pdm().EVENTS_END != 0;
    const bool started = pdm().EVENTS_STARTED != 0;
    if (ended) {
      pdm().EVENTS_END = 0;
      sink_(buffers_[latches_ ? filling_ : queued_], kBufferFrames);
    }
    if (started) {
      pdm().EVENTS_STARTED = 0;
      latches_ = latches_ || !ended;
      filling_ = queued_;
      queued_ ^= 1;
      pdm().SAMPLE_PTR = nrf52::address_of(buffers_[queued_]);
    }
  }

 private:
  static inline int16_t buffers_[2][kBufferFrames];  // not of the object, whose first value lies in flash
  sensor::Sink sink_ = nullptr;
  unsigned queued_ = 0;   // SAMPLE.PTR points here
  unsigned filling_ = 0;  // where samples go now, if the peripheral latches
  bool latches_ = false;
};

Microphone microphone;

}  // namespace

extern "C" void pdm_handler() { microphone.on_interrupt(); }

sensor::Driver& sensor::driver = microphone;
