// What an application needs of a board. Each board in boards/ offers all of it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace board {

// Clocks, log, time and cycle counter. Interrupts are open afterwards; the microphone is still off.
void start();

// Sends text to the serial port and returns when it has left memory. The text must be in RAM.
void write_log(const char* text, size_t size);

// Makes the log usable in a fault handler, whatever it was doing.
void recover_log();

uint32_t milliseconds();  // since start
uint32_t cycles();        // the core's own counter; wraps

uint32_t stack_size();  // bytes
uint32_t stack_used();  // bytes, the most there ever were

// The microphone delivers 16 kHz sound in buffers of 20 ms, in its interrupt.
constexpr size_t kBufferSamples = 320;
using SampleSink = void (*)(const int16_t* buffer);
void start_microphone(SampleSink sink);
void stop_microphone();
uint32_t missed_buffers();  // that were full when nobody had taken the one before; 0 where the hardware cannot tell

void disable_interrupts();
void enable_interrupts();
void wait_for_interrupt();  // also returns for an interrupt that is disabled by disable_interrupts

// Sleeps until `ready` is true, which an interrupt brings about.
template <class Ready>
void sleep_until(Ready ready) {
  for (;;) {
    disable_interrupts();  // else the interrupt may come between the question and the sleep
    if (ready()) {
      break;
    }
    wait_for_interrupt();
    enable_interrupts();
  }
  enable_interrupts();
}

// The end: everything that could wake the core is off.
[[noreturn]] void park();

}  // namespace board
