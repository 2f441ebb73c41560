// The flight recorder of an image that is built with one (LAB_RECORDER). In others nothing of this is left.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/board.h"

namespace lab::recording {

#ifdef LAB_RECORDER

// Begins to record, and to listen for the byte that asks for a dump. Inferences follow each other by `stride_steps`.
void start(uint32_t stride_steps);

// What the sensor's driver hands over, wherever it does.
void hear(const int16_t* frames, size_t count);

// Sends a dump if it was asked for meanwhile, or the last inference was not sure enough.
void attend();

// Sends a dump for the last time.
void report_fault();

// How many frames were heard; not to be called where `hear` can come in between.
uint64_t frames_heard();

// Inference `number` of the frames before `end`.
void keep(uint32_t number, uint64_t end, size_t label, bool detected, const int32_t* scores, bool sure);

// Whether probabilities as scores, -128 for 0, are above the confidence below which the image is to send a dump.
bool are_sure(const int8_t* scores, size_t count);
inline bool are_sure(const int32_t*, size_t) { return true; }

// An inference of all that was taken from the listener.
template <class Listener, class Decision, class Score, size_t kScores>
void keep(uint32_t number, const Listener& listener, const Decision& decision, bool detected,
          const Score (&scores)[kScores]) {
  board::disable_interrupts();
  const uint64_t end = frames_heard() - listener.frames_waiting();
  board::enable_interrupts();
  int32_t kept[kScores];
  for (size_t i = 0; i < kScores; ++i) {
    kept[i] = scores[i];
  }
  keep(number, end, decision.label(scores), detected, kept, are_sure(scores, kScores));
}

#else

inline void start(uint32_t) {}
inline void hear(const int16_t*, size_t) {}
inline void attend() {}
inline void report_fault() {}
template <class Listener, class Decision, class Score, size_t kScores>
void keep(uint32_t, const Listener&, const Decision&, bool, const Score (&)[kScores]) {}

#endif

}  // namespace lab::recording
