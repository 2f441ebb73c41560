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

// Calls visit(distance in each tensor) for every element, in row-major order.
template <typename Visit>
void walk(const Axes<1>& axes, Visit visit, int at = 0, int level = 0) {
  if (level == axes.count) {
    visit(at);
    return;
  }
  for (int i = 0; i < axes.extent[level]; ++i, at += axes.step[level][0]) {
    walk(axes, visit, at, level + 1);
  }
}

template <typename Visit>
void walk(const Axes<2>& axes, Visit visit, int first = 0, int second = 0, int level = 0) {
  if (level == axes.count) {
    visit(first, second);
    return;
  }
  for (int i = 0; i < axes.extent[level]; ++i, first += axes.step[level][0], second += axes.step[level][1]) {
    walk(axes, visit, first, second, level + 1);
  }
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

// Over a shape that two tensors are broadcast to.
inline Axes<2> broadcast(const TfLiteIntArray* whole, const TfLiteIntArray* first, const TfLiteIntArray* second) {
  Axes<2> axes;
  for (int i = 0; i < whole->size; ++i) {
    axes.add(whole->data[i], {broadcast_step(first, whole->size, i), broadcast_step(second, whole->size, i)});
  }
  return axes;
}

}  // namespace micro
}  // namespace ops
}  // namespace tflite
