// The last rows of what is computed a row at a time.
#pragma once

#include <cstddef>

namespace lab {

template <class Value, size_t kRows, size_t kRowValues>
class LastRows {
 public:
  // Where the next row goes, in place of the oldest.
  Value* next() {
    Value* row = rows_[next_];
    next_ = next_ + 1 == kRows ? 0 : next_ + 1;
    return row;
  }

  // The row that is `index` after the oldest; zeros where there has been none yet.
  const Value* at(size_t index) const {
    const size_t place = next_ + index;
    return rows_[place < kRows ? place : place - kRows];
  }

 private:
  Value rows_[kRows][kRowValues] = {};
  size_t next_ = 0;
};

}  // namespace lab
