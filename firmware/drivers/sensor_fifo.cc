#include "drivers/sensor_fifo.h"

namespace {

constexpr uint32_t kEnabledWithInterrupt = 1u << 0 | 1u << 1;  // CONTROL
constexpr uint32_t kEnd = 1u << 0;                             // STATUS; written back to clear it
constexpr uint32_t kRateHz = 16'000;
constexpr size_t kBufferFrames = 320;

// One microphone a board.
int16_t buffers[2][kBufferFrames] __attribute__((section(".bss.dma")));

uint32_t address_of(const int16_t* buffer) { return reinterpret_cast<uintptr_t>(buffer); }

}  // namespace

namespace drivers {

// The sensor latches POINTER when it begins a buffer: after the first has begun, it is the next one's.
const char* SensorFifoMicrophone::start(const sensor::Settings& settings, sensor::Sink sink) {
  if (settings.rate_hz != kRateHz) {
    return "The microphone delivers 16,000 samples a second";
  }
  sink_ = sink;
  filling_ = 0;
  fifo().RATE = kRateHz;
  fifo().LENGTH = kBufferFrames;
  fifo().POINTER = address_of(buffers[filling_]);
  fifo().CONTROL = kEnabledWithInterrupt;
  fifo().POINTER = address_of(buffers[filling_ ^ 1]);
  return nullptr;
}

void SensorFifoMicrophone::stop() { fifo().CONTROL = 0; }

// The other buffer is being filled since this one's end: it has 20 ms left to be used.
void SensorFifoMicrophone::on_interrupt() {
  fifo().STATUS = kEnd;
  const unsigned full = filling_;
  filling_ ^= 1;
  sink_(buffers[full], kBufferFrames);
  fifo().POINTER = address_of(buffers[full]);
}

uint32_t SensorFifoMicrophone::lost_frames() const { return fifo().OVERRUNS * kBufferFrames; }

}  // namespace drivers
