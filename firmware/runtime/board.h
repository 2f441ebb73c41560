// What an application needs of a board. Each board in boards/ offers all of it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace board {

// Clocks, log, time and cycle counter. Interrupts are open afterwards; the sensor is still off.
void start();

// Sends text to the serial port and returns when it has left memory. The text must be in RAM.
void write_log(const char* text, size_t size);

// Makes the log usable in a fault handler, whatever it was doing.
void recover_log();

// Of an image with a flight recorder alone: bytes are received on the serial port from now on, and the next one that
// nobody has taken, -1 if there is none. A board keeps at least one.
void start_receiving();
int received();

uint32_t milliseconds();  // since start
uint32_t cycles();        // the core's own counter; wraps

uint32_t stack_size();  // bytes
uint32_t stack_used();  // bytes, the most there ever were

void disable_interrupts();
void enable_interrupts();
void wait_for_interrupt();  // also returns for an interrupt that is disabled by disable_interrupts

// The end: everything that could wake the core is off.
[[noreturn]] void park();

}  // namespace board
