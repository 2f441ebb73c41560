// A line of the device log (docs/device-protocol.md), put together in RAM and sent at once.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

class JsonLine {
 public:
  explicit JsonLine(const char* event);

  JsonLine& text(const char* name, const char* value);
  JsonLine& number(const char* name, uint32_t value);
  JsonLine& crc(const char* name, uint32_t value);  // eight hex digits
  JsonLine& hex(const char* name, uint32_t value);  // the same after 0x
  template <class Value>
  JsonLine& numbers(const char* name, const Value* values, size_t count) {
    begin_numbers(name);
    for (size_t i = 0; i < count; ++i) {
      put_signed(values[i], i == 0);
    }
    put(']');
    return *this;
  }

  void send();

 private:
  static constexpr size_t kLongest = 1024;
  static constexpr size_t kLongestText = 400;

  void name(const char* name);
  void put(char character);
  void put(const char* text);
  void put_escaped(const char* text);
  void begin_numbers(const char* name);
  void put_signed(int32_t value, bool first);
  void put_decimal(uint32_t value);
  void put_hex(uint32_t value);

  char line_[kLongest];
  size_t size_ = 0;
};

}  // namespace lab
