// The firmware's parts that need no hardware, behind a C interface, and the microphone driver on registers in memory.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "cores/cortex_m/core.h"
#include "drivers/decimator.h"
#include "drivers/sensor_fifo.h"
#include "families/nrf52/chip.h"
#include "runtime/board.h"
#include "runtime/crc32.h"
#include "runtime/decisions/anomaly.h"
#include "runtime/decisions/average.h"
#include "runtime/frame_ring.h"
#include "runtime/json_line.h"
#include "runtime/text_format.h"

namespace {

std::string log_text;
std::string buffers_heard;

constexpr size_t kBufferFrames = 320;
constexpr sensor::Settings kSound = {16'000, 1, 16};

// Label 0 is no event.
struct WordSettings {
  static constexpr size_t kLabels = 3;
  static constexpr bool kIsEvent[] = {false, true, true};
};
using Words = lab::average::Decision<WordSettings>;

struct AnomalySettings {
  static constexpr size_t kDirections = 1;
  static constexpr size_t kStates = 1;
  static constexpr int32_t kOffsets[] = {0};
};
using Anomalies = lab::anomaly::Decision<AnomalySettings>;

lab::Parameters deciding(uint32_t average, uint32_t threshold, uint32_t refractory_ms) {
  lab::Parameters parameters = {};
  parameters.average_inferences = average;
  parameters.threshold = threshold;
  parameters.refractory_ms = refractory_ms;
  return parameters;
}

// The label's number times 1,000 plus its score, or -1.
template <class Decision, class Scores>
int decide(Decision& decision, const Scores& scores, uint32_t at_ms) {
  lab::Detection found;
  return decision.decide(scores, at_ms, found) ? static_cast<int>(found.label * 1000 + found.score) : -1;
}

void note_buffer(const int16_t* frames, size_t count) { buffers_heard += std::to_string(frames[count - 1]) + " "; }

struct Microphone final : drivers::SensorFifoMicrophone {
  using SensorFifoMicrophone::SensorFifoMicrophone;
};

// Addresses for DMA have 32 bits: the others are those of any variable here.
int16_t* in_this_library(uint32_t address) {
  const uintptr_t high = reinterpret_cast<uintptr_t>(&log_text) & ~uintptr_t{0xFFFFFFFF};
  return reinterpret_cast<int16_t*>(high | address);
}

}  // namespace

namespace board {
void write_log(const char* text, size_t size) { log_text.append(text, size); }
}  // namespace board

namespace cortex_m {
void enable_interrupt(unsigned, uint8_t) {}
void disable_interrupt(unsigned) {}
}  // namespace cortex_m

namespace nrf52 {
void drive(uint32_t, bool) {}
}  // namespace nrf52

extern "C" {

void pdm_handler();

uint32_t crc(const void* data, size_t size) { return lab::crc32(data, size); }

lab::FrameRing<1>* ring_new(int16_t* storage, size_t capacity, size_t history) {
  return new lab::FrameRing<1>(storage, capacity, history);
}
bool ring_push(lab::FrameRing<1>* ring, const int16_t* samples, size_t count) { return ring->push(samples, count); }
size_t ring_available(const lab::FrameRing<1>* ring) { return ring->available(); }
size_t ring_take(lab::FrameRing<1>* ring, size_t most, int16_t* out) {
  const lab::FrameRing<1>::Piece piece = ring->take(most);
  std::memcpy(out, piece.frames, piece.count * sizeof(int16_t));
  return piece.count;
}
void ring_look_back(const lab::FrameRing<1>* ring, size_t count, int16_t* out) {
  ring->look_back(count, [&out](lab::FrameRing<1>::Piece piece) {
    std::memcpy(out, piece.frames, piece.count * sizeof(int16_t));
    out += piece.count;
  });
}

Words* words_new(uint32_t average, uint32_t threshold, uint32_t refractory_ms) {
  return new Words(deciding(average, threshold, refractory_ms));
}
int words_decide(Words* words, const int8_t (&scores)[3], uint32_t at_ms) { return decide(*words, scores, at_ms); }

Anomalies* anomalies_new(uint32_t average, uint32_t threshold, uint32_t refractory_ms) {
  return new Anomalies(deciding(average, threshold, refractory_ms));
}
int anomalies_decide(Anomalies* anomalies, const int32_t (&scores)[1], uint32_t at_ms) {
  return decide(*anomalies, scores, at_ms);
}

// Which of the first frames of one rate are taken for another, as '1' and '0'.
void decimate(uint32_t from, uint32_t to, size_t frames, char* taken) {
  drivers::Decimator decimator;
  decimator.start(from, to);
  std::generate_n(taken, frames, [&decimator] { return decimator.takes_next() ? '1' : '0'; });
}

const char* json_line(const char* text, uint32_t number, const int8_t* values, size_t count) {
  log_text.clear();
  lab::JsonLine line("test");
  line.text("text", text).number("number", number).crc("crc", number).hex("hex", number);
  line.numbers("values", values, count);
  line.send();
  return log_text.c_str();
}

int format(char* buffer, size_t size, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int written = lab::format_text(buffer, size, format, arguments);
  va_end(arguments);
  return written;
}

// A peripheral whose first buffer is filled with 1, the next with 2 and so on: it `latches` where to write as silicon
// does, or else looks at the end of a buffer as Renode's model does. Returns what the driver passed on.
const char* microphone_hears(bool latches, int buffers) {
  constexpr size_t kPage = 0x1000;
  void* const registers = reinterpret_cast<void*>(nrf52::kPdmBase);
  if (mmap(registers, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) !=
      registers) {
    return "no memory at the peripheral's address";
  }
  buffers_heard.clear();
  sensor::driver.start(kSound, note_buffer);
  auto& pdm = nrf52::pdm();
  uint32_t filling = pdm.SAMPLE_PTR;
  if (latches) {
    pdm.EVENTS_STARTED = 1;
    pdm_handler();
  }
  for (int16_t value = 1; value <= buffers; ++value) {
    const uint32_t target = latches ? filling : pdm.SAMPLE_PTR;
    std::fill_n(in_this_library(target), kBufferFrames, value);
    filling = pdm.SAMPLE_PTR;
    pdm.EVENTS_END = 1;
    pdm.EVENTS_STARTED = 1;
    pdm_handler();
  }
  munmap(registers, kPage);
  return buffers_heard.c_str();
}

// The lab's sensor, whose first buffer is filled with 1, the next with 2 and so on: at the end of one it looks where
// the next goes. The driver hears too late of the end of buffer `late`. Returns what it passed on, and what it missed.
const char* sensor_fifo_hears(int buffers, int late) {
  static drivers::SensorFifo fifo;
  fifo = {};
  Microphone microphone(reinterpret_cast<uintptr_t>(&fifo));
  buffers_heard.clear();
  microphone.start(kSound, note_buffer);
  if (fifo.CONTROL != 3 || fifo.RATE != 16'000 || fifo.LENGTH != kBufferFrames) {
    return "started otherwise";
  }
  uint32_t filling = fifo.POINTER - kBufferFrames * sizeof(int16_t);  // the two lie in a row
  for (int16_t value = 1; value <= buffers; ++value) {
    std::fill_n(in_this_library(filling), kBufferFrames, value);
    filling = fifo.POINTER;
    if (value == late) {
      fifo.OVERRUNS = fifo.OVERRUNS + 1;  // at the end of the next
    } else {
      microphone.on_interrupt();
    }
  }
  microphone.stop();
  buffers_heard += "missed " + std::to_string(microphone.lost_frames() / kBufferFrames);
  return fifo.CONTROL == 0 ? buffers_heard.c_str() : "not stopped";
}

}  // extern "C"
