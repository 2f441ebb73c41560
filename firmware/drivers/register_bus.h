// The registers of a part, as its driver reaches them: over the bus that a board has it on.
#pragma once

#include <cstddef>
#include <cstdint>

namespace drivers {

// A bus with the part at one address. Both methods return false where the part does not answer or a transfer fails.
class RegisterBus {
 public:
  virtual bool write(uint8_t number, uint8_t value) = 0;
  virtual bool read(uint8_t first, uint8_t* values, size_t count) = 0;

  const uint8_t address;

 protected:
  explicit constexpr RegisterBus(uint8_t address) : address(address) {}
  ~RegisterBus() = default;
};

}  // namespace drivers
