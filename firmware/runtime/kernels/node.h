// What a kernel asks of its node and of TFLM, in either of TFLM's two APIs.
#pragma once

#include "runtime/start_error.h"
#include "runtime/tflm.h"
#include "tensorflow/lite/c/builtin_op_data.h"
#if LAB_TFLM_OF_TODAY
#include "tensorflow/lite/micro/micro_context.h"
#endif

namespace lab::kernels {

constexpr int kLeftOut = -1;

inline int index_in(const TfLiteIntArray* tensors, int position) {
  return position < tensors->size ? tensors->data[position] : kLeftOut;
}

// A tensor with its type and quantisation, as it is known while the interpreter prepares. False where it was left out.
class PreparedTensor {
 public:
  static PreparedTensor input(TfLiteContext* context, const TfLiteNode* node, int position) {
    return {context, index_in(node->inputs, position)};
  }
  static PreparedTensor output(TfLiteContext* context, const TfLiteNode* node, int position) {
    return {context, index_in(node->outputs, position)};
  }
  PreparedTensor(const PreparedTensor&) = delete;
  PreparedTensor& operator=(const PreparedTensor&) = delete;

  explicit operator bool() const { return tensor_ != nullptr; }
  TfLiteTensor* get() const { return tensor_; }
  TfLiteTensor* operator->() const { return tensor_; }
  int extent(int dimension) const { return tensor_->dims->data[dimension]; }

#if LAB_TFLM_OF_TODAY
  ~PreparedTensor() {
    if (tensor_ != nullptr) {
      context_.DeallocateTempTfLiteTensor(tensor_);
    }
  }

 private:
  PreparedTensor(TfLiteContext* context, int index)
      : context_(*tflite::GetMicroContext(context)), tensor_(index == kLeftOut ? nullptr : taken(context_, index)) {}

  // Without it a kernel has no way on, and on many boards address 0 can be read.
  static TfLiteTensor* taken(tflite::MicroContext& context, int index) {
    TfLiteTensor* tensor = context.AllocateTempTfLiteTensor(index);
    if (tensor == nullptr) {
      stop_with_error("arena", "No room is left for the tensors that an operator prepares with");
    }
    return tensor;
  }

  tflite::MicroContext& context_;
#else
 private:
  PreparedTensor(TfLiteContext* context, int index) : tensor_(index == kLeftOut ? nullptr : &context->tensors[index]) {}
#endif

  TfLiteTensor* const tensor_;
};

// A tensor during an inference: `data` is nullptr where it was left out.
struct Tensor {
  void* data;
  const TfLiteIntArray* dims;

  int extent(int dimension) const { return dims->data[dimension]; }
  int8_t* int8() const { return static_cast<int8_t*>(data); }
  const int32_t* int32() const { return static_cast<const int32_t*>(data); }
};

inline Tensor tensor(const TfLiteContext* context, int index) {
  if (index == kLeftOut) {
    return {nullptr, nullptr};
  }
#if LAB_TFLM_OF_TODAY
  const TfLiteEvalTensor& found = *context->GetEvalTensor(context, index);
#else
  const TfLiteTensor& found = context->tensors[index];
#endif
  return {found.data.data, found.dims};
}

inline Tensor input(const TfLiteContext* context, const TfLiteNode* node, int position) {
  return tensor(context, index_in(node->inputs, position));
}

inline Tensor output(const TfLiteContext* context, const TfLiteNode* node, int position) {
  return tensor(context, index_in(node->outputs, position));
}

inline int elements(const TfLiteIntArray* dims) {
  int count = 1;
  for (int i = 0; i < dims->size; ++i) {
    count *= dims->data[i];
  }
  return count;
}

template <typename Parameters>
const Parameters& parameters(const TfLiteNode* node) {
  return *static_cast<const Parameters*>(node->builtin_data);
}

// Room in the arena for as long as the interpreter lives; nullptr where there is none left. For preparation only.
template <typename T>
T* persistent(TfLiteContext* context, size_t count = 1) {
#if LAB_TFLM_OF_TODAY
  return static_cast<T*>(context->AllocatePersistentBuffer(context, count * sizeof(T)));
#else
  void* memory = nullptr;
  const bool done = context->AllocatePersistentBuffer(context, count * sizeof(T), &memory) == kTfLiteOk;
  return done ? static_cast<T*>(memory) : nullptr;
#endif
}

}  // namespace lab::kernels
