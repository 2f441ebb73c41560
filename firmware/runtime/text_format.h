// What TFLM's messages need of printf. newlib's own brings streams and a heap along.
#pragma once

#include <cstdarg>
#include <cstddef>

namespace lab {

// Writes at most `size` - 1 characters and a zero to `buffer`; returns how many. Knows %s %c %d %i %u %x %p %%, with
// sizes up to 32 bits; any other conversion appears as a question mark.
int format_text(char* buffer, size_t size, const char* format, va_list arguments);

}  // namespace lab
