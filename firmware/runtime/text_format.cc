#include "runtime/text_format.h"

#include <cstdint>
#include <cstring>

namespace lab {
namespace {

class Writer {
 public:
  Writer(char* buffer, size_t size) : buffer_(buffer), size_(size) {}

  void put(char character) {
    if (used_ + 1 < size_) {
      buffer_[used_++] = character;
    }
  }

  void put(const char* text) {
    while (*text != '\0') {
      put(*text++);
    }
  }

  void put_number(uint32_t value, uint32_t base) {
    char digits[32];
    size_t count = 0;
    do {
      digits[count++] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    while (count != 0) {
      put(digits[--count]);
    }
  }

  int finish() {
    buffer_[used_] = '\0';
    return static_cast<int>(used_);
  }

 private:
  char* buffer_;
  size_t size_;
  size_t used_ = 0;
};

}  // namespace

int format_text(char* buffer, size_t size, const char* format, va_list arguments) {
  Writer writer(buffer, size);
  for (; *format != '\0'; ++format) {
    if (*format != '%') {
      writer.put(*format);
      continue;
    }
    format += 1 + std::strspn(format + 1, "0123456789.-+ lzh");  // widths and sizes change nothing here
    switch (*format) {
      case 's':
        writer.put(va_arg(arguments, const char*));
        break;
      case 'c':
        writer.put(static_cast<char>(va_arg(arguments, int)));
        break;
      case 'd':
      case 'i': {
        const int value = va_arg(arguments, int);
        if (value < 0) {
          writer.put('-');
        }
        writer.put_number(value < 0 ? 0u - static_cast<uint32_t>(value) : value, 10);
        break;
      }
      case 'u':
        writer.put_number(va_arg(arguments, unsigned), 10);
        break;
      case 'x':
      case 'X':
        writer.put_number(va_arg(arguments, unsigned), 16);
        break;
      case 'p':
        writer.put_number(reinterpret_cast<uintptr_t>(va_arg(arguments, void*)), 16);
        break;
      case '%':
        writer.put('%');
        break;
      case '\0':
        return writer.finish();
      case 'f':
      case 'g':
      case 'e':
        va_arg(arguments, double);
        [[fallthrough]];
      default:
        writer.put('?');
    }
  }
  return writer.finish();
}

}  // namespace lab
