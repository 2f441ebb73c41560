// There is no heap. The audio frontend asks malloc for its tables once, at start-up: they come from a pool, and what
// is given back (a few scratch tables) is not used again. An empty pool makes the frontend refuse to start.
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

constexpr size_t kPoolBytes = 24 * 1024;
constexpr size_t kAlignment = 8;

alignas(kAlignment) uint8_t pool[kPoolBytes];
size_t pool_used = 0;

}  // namespace

extern "C" {

void* malloc(size_t size) {
  const size_t rounded = (size + kAlignment - 1) / kAlignment * kAlignment;
  if (rounded > kPoolBytes - pool_used) {
    return nullptr;
  }
  void* block = pool + pool_used;
  pool_used += rounded;
  return block;
}

void* calloc(size_t count, size_t size) { return malloc(count * size); }  // the pool is in .bss and used once

void free(void*) {}

}  // extern "C"
