// What every core does between reset and main: the stack is painted, variables get their values, objects are built.
#pragma once

#include <cstdint>

extern "C" {
// Where the linker script put things.
extern uint32_t __stack_bottom[], __stack_top[];
extern uint32_t __data_begin[], __data_end[], __data_stored[];
extern uint32_t __bss_begin[], __bss_end[];
using Constructor = void (*)();
extern const Constructor __init_array_start[], __init_array_end[];

int main();
}

namespace cores {

constexpr uint32_t kPaint = 0xA5A5A5A5;

// Inlined, for what lies below `stack_pointer` is overwritten: no frame may be there, not even that of a memset which
// the compiler would make of the first loop.
__attribute__((always_inline)) inline void prepare_memory(const uint32_t* stack_pointer) {
  for (volatile uint32_t* word = __stack_bottom; word < stack_pointer; ++word) {
    *word = kPaint;
  }
  const uint32_t* stored = __data_stored;
  for (uint32_t* word = __data_begin; word < __data_end; ++word) {
    *word = *stored++;
  }
  for (uint32_t* word = __bss_begin; word < __bss_end; ++word) {
    *word = 0;
  }
}

__attribute__((always_inline)) inline void build_objects() {
  for (const Constructor* constructor = __init_array_start; constructor < __init_array_end; ++constructor) {
    (*constructor)();
  }
}

}  // namespace cores
