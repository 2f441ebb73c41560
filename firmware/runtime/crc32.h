// CRC-32 of IEEE 802.3, as zlib's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace lab {

constexpr std::array<uint32_t, 256> crc32_table() {
  constexpr uint32_t kReversedPolynomial = 0xEDB88320;
  std::array<uint32_t, 256> table = {};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kReversedPolynomial : 0);
    }
    table[byte] = remainder;
  }
  return table;
}

class Crc32 {
 public:
  void add(const void* data, size_t size) {
    const auto* bytes = static_cast<const uint8_t*>(data);
    for (size_t i = 0; i < size; ++i) {
      state_ = kTable[(state_ ^ bytes[i]) & 0xFF] ^ (state_ >> 8);
    }
  }

  uint32_t value() const { return ~state_; }

 private:
  static constexpr std::array<uint32_t, 256> kTable = crc32_table();

  uint32_t state_ = 0xFFFFFFFF;
};

inline uint32_t crc32(const void* data, size_t size) {
  Crc32 crc;
  crc.add(data, size);
  return crc.value();
}

}  // namespace lab
