// The order in which a Fourier transform of radix 2, decimation in time, takes its values.
#pragma once

#include <cstddef>

namespace lab {

// Calls `exchange` for the places of each two values that change theirs.
template <size_t kPoints, class Exchange>
void reverse_bits(Exchange exchange) {
  static_assert((kPoints & (kPoints - 1)) == 0, "a power of two");
  for (size_t i = 1, j = 0; i < kPoints; ++i) {
    size_t bit = kPoints >> 1;
    for (; (j & bit) != 0; bit >>= 1) {
      j ^= bit;
    }
    j ^= bit;
    if (i < j) {
      exchange(i, j);
    }
  }
}

}  // namespace lab
