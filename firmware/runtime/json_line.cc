#include "runtime/json_line.h"

#include "runtime/board.h"

namespace lab {

JsonLine::JsonLine(const char* event) {
  put("{\"event\":\"");
  put(event);
  put('"');
}

JsonLine& JsonLine::text(const char* name_, const char* value) {
  name(name_);
  put('"');
  put_escaped(value);
  put('"');
  return *this;
}

JsonLine& JsonLine::number(const char* name_, uint32_t value) {
  name(name_);
  put_decimal(value);
  return *this;
}

JsonLine& JsonLine::crc(const char* name_, uint32_t value) {
  name(name_);
  put('"');
  put_hex(value);
  put('"');
  return *this;
}

JsonLine& JsonLine::hex(const char* name_, uint32_t value) {
  name(name_);
  put("\"0x");
  put_hex(value);
  put('"');
  return *this;
}

void JsonLine::send() {
  put("}\r\n");
  board::write_log(line_, size_);
}

void JsonLine::name(const char* name) {
  put(",\"");
  put(name);
  put("\":");
}

void JsonLine::put(char character) {
  if (size_ < kLongest) {
    line_[size_++] = character;
  }
}

void JsonLine::put(const char* text) {
  while (*text != '\0') {
    put(*text++);
  }
}

void JsonLine::put_escaped(const char* text) {
  for (size_t i = 0; i < kLongestText && text[i] != '\0'; ++i) {
    if (text[i] == '"' || text[i] == '\\') {
      put('\\');
    }
    put(text[i] < ' ' ? ' ' : text[i]);
  }
}

void JsonLine::begin_numbers(const char* name_) {
  name(name_);
  put('[');
}

void JsonLine::put_signed(int32_t value, bool first) {
  if (!first) {
    put(',');
  }
  if (value < 0) {
    put('-');
  }
  put_decimal(value < 0 ? 0 - static_cast<uint32_t>(value) : value);
}

void JsonLine::put_decimal(uint32_t value) {
  char digits[10];
  size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (count != 0) {
    put(digits[--count]);
  }
}

void JsonLine::put_hex(uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) {
    put("0123456789abcdef"[value >> shift & 0xF]);
  }
}

}  // namespace lab
