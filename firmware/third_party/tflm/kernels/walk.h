// Walks over the elements of tensors of any rank, each by its distance from the first element.
#pragma once

#include "tensorflow/lite/c/common.h"

namespace tflite {
namespace ops {
namespace micro {

constexpr int kMostAxes = 12;

// Extents, outermost first, and for each how far apart two neighbours are in N tensors.
template <int N>
struct Axes {
  int count = 0;
  int extent[kMostAxes];
  int step[kMostAxes][N];

  void add(int size, const int (&steps)[N]) {
    extent[count] = size;
    std::copy(steps, steps + N, step[count]);
    ++count;
  }
};

template <int N>
void move_by(int times, const int (&steps)[N], int (&at)[N]) {
  for (int n = 0; n < N; ++n) {
    at[n] += times * steps[n];
  }
}

// Calls visit with the place in each tensor of every element, in row-major order, the first of which is at `at`. Rows
// are counted in a loop: a recursion is what GCC inlines many levels deep into every kernel.
template <int N, typename Visit>
void walk_from(const Axes<N>& axes, int (&at)[N], Visit visit) {
  const int last = axes.count - 1;
  int columns = 1;
  int steps[N] = {};
  if (axes.count > 0) {
    columns = axes.extent[last];
    std::copy_n(axes.step[last], N, steps);
  }
  int left[kMostAxes];
  for (int level = 0; level < axes.count; ++level) {
    left[level] = axes.extent[level];
    if (left[level] == 0) {
      return;
    }
  }
  for (;;) {
    for (int i = 0; i < columns; ++i, move_by(1, steps, at)) {
      visit(at);
    }
    move_by(-columns, steps, at);
    int level = last;
    while (--level >= 0 && --left[level] == 0) {
      left[level] = axes.extent[level];
      move_by(1 - axes.extent[level], axes.step[level], at);
    }
    if (level < 0) {
      return;
    }
    move_by(1, axes.step[level], at);
  }
}

template <typename Visit>
void walk(const Axes<1>& axes, Visit visit, int at = 0) {
  int from[] = {at};
  walk_from<1>(axes, from, [&](const int(&here)[1]) { visit(here[0]); });
}

template <typename Visit>
void walk(const Axes<2>& axes, Visit visit, int first = 0, int second = 0) {
  int from[] = {first, second};
  walk_from<2>(axes, from, [&](const int(&here)[2]) { visit(here[0], here[1]); });
}

// How far apart neighbours along a dimension are: the product of the extents behind it.
inline int step_of(const TfLiteIntArray* dims, int dimension) {
  int step = 1;
  for (int i = dimension + 1; i < dims->size; ++i) {
    step *= dims->data[i];
  }
  return step;
}

// The step along a dimension of a shape of `rank` that `dims` is broadcast to: 0 where it has one element for all.
inline int broadcast_step(const TfLiteIntArray* dims, int rank, int dimension) {
  const int own = dimension - (rank - dims->size);
  return own < 0 || dims->data[own] == 1 ? 0 : step_of(dims, own);
}

// Over a shape that two tensors are broadcast to. Once in an image, not once for each type.
[[gnu::noinline]] inline Axes<2> broadcast(const TfLiteIntArray* whole, const TfLiteIntArray* first,
                                           const TfLiteIntArray* second) {
  Axes<2> axes;
  for (int i = 0; i < whole->size; ++i) {
    axes.add(whole->data[i], {broadcast_step(first, whole->size, i), broadcast_step(second, whole->size, i)});
  }
  return axes;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
