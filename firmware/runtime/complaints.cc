#include "runtime/complaints.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "runtime/board.h"
#include "runtime/text_format.h"
#include "runtime/tflm_api.h"
#include "tensorflow/lite/micro/debug_log.h"
#if LAB_TFLM_OF_TODAY
#include "tensorflow/lite/micro/micro_log.h"
#else
#include "tensorflow/lite/micro/micro_string.h"
#endif

namespace {

constexpr size_t kLongest = 200;

char first[kLongest + 1];
bool first_is_complete = false;

// Text goes to the device log as it is: lines that are not JSON are kept there and otherwise ignored.
void complain(const char* text) {
  char copy[kLongest + 1];  // in RAM, for the DMA
  const size_t size = std::min(std::strlen(text), kLongest);
  std::memcpy(copy, text, size);
  board::write_log(copy, size);
  for (size_t i = 0, end = std::strlen(first); i < size && !first_is_complete && end < kLongest; ++i) {
    first_is_complete = text[i] == '\n' || text[i] == '\r';
    if (!first_is_complete) {
      first[end++] = text[i];
      first[end] = '\0';
    }
  }
}

}  // namespace

namespace lab {

const char* first_complaint() { return first; }

void forget_complaints() {
  first[0] = '\0';
  first_is_complete = false;
}

}  // namespace lab

extern "C" {

#if LAB_TFLM_OF_TODAY

void DebugLog(const char* format, va_list arguments) {
  char text[kLongest + 1];
  DebugVsnprintf(text, sizeof(text), format, arguments);
  complain(text);
}

int DebugVsnprintf(char* buffer, size_t size, const char* format, va_list arguments) {
  return lab::format_text(buffer, size, format, arguments);
}

#else

void DebugLog(const char* text) { complain(text); }

#endif

// The frontend says with these why it refuses its settings: no need for newlib's streams.
int fprintf(FILE*, const char* format, ...) {
  complain(format);
  return 0;
}

size_t fwrite(const void* text, size_t, size_t count, FILE*) {
  complain(static_cast<const char*>(text));
  return count;
}

// A failed check in TFLM: a fault, whose line says where.
[[noreturn]] void abort() { __builtin_trap(); }

}  // extern "C"
