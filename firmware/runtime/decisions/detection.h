// What a device that goes on and on reports: an event, and how sure it is of it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

struct Detection {
  size_t label;
  uint32_t score;
};

}  // namespace lab
