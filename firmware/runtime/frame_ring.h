// The newest frames of the signal, from the sensor's driver (writer) to the application (reader).
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lab {

// Positions count frames and run through twice the capacity, which tells a full ring from an empty one.
template <size_t kChannels>
class FrameRing {
 public:
  struct Piece {
    const int16_t* frames;
    size_t count;
  };

  // The last `history` frames taken stay readable.
  FrameRing(int16_t* storage, size_t capacity, size_t history)
      : storage_(storage), capacity_(capacity), history_(history) {}

  // Writer. False if the reader is too far behind: nothing was stored.
  bool push(const int16_t* frames, size_t count) {
    if (available() + history_ + count > capacity_) {
      return false;
    }
    const size_t written = written_.load(std::memory_order_relaxed);
    const size_t start = written % capacity_;
    const size_t first = std::min(count, capacity_ - start);
    std::copy_n(frames, first * kChannels, storage_ + start * kChannels);
    std::copy_n(frames + first * kChannels, (count - first) * kChannels, storage_);
    written_.store(after(written, count), std::memory_order_release);
    return true;
  }

  // Frames not taken yet.
  size_t available() const {
    const size_t written = written_.load(std::memory_order_acquire);
    const size_t read = read_.load(std::memory_order_acquire);
    return (written + 2 * capacity_ - read) % (2 * capacity_);
  }

  // Reader: takes up to `most` of them, as many as lie in one piece.
  Piece take(size_t most) {
    const size_t read = read_.load(std::memory_order_relaxed);
    const size_t start = read % capacity_;
    const size_t count = std::min({most, available(), capacity_ - start});
    read_.store(after(read, count), std::memory_order_release);
    return {storage_ + start * kChannels, count};
  }

  // Reader: hands the `count` frames taken last to `user`, oldest first, in one or two pieces.
  template <class User>
  void look_back(size_t count, User user) const {
    const size_t start = (read_.load(std::memory_order_relaxed) + capacity_ - count) % capacity_;
    const size_t first = std::min(count, capacity_ - start);
    user(Piece{storage_ + start * kChannels, first});
    if (first < count) {
      user(Piece{storage_, count - first});
    }
  }

 private:
  size_t after(size_t position, size_t count) const { return (position + count) % (2 * capacity_); }

  int16_t* storage_;
  size_t capacity_;
  size_t history_;
  std::atomic<size_t> written_{0};
  std::atomic<size_t> read_{0};
};

}  // namespace lab
