// How much of the stack was ever used: what start-up painted and nobody overwrote was not.
#include "cores/start_up.h"
#include "runtime/board.h"

namespace board {

uint32_t stack_size() { return static_cast<uint32_t>(__stack_top - __stack_bottom) * sizeof(uint32_t); }

uint32_t stack_used() {
  const uint32_t* word = __stack_bottom;
  while (word < __stack_top && *word == cores::kPaint) {
    ++word;
  }
  return static_cast<uint32_t>(__stack_top - word) * sizeof(uint32_t);
}

}  // namespace board
