// A resolver that stands before another one and reports each operator after it ran. Not used unless asked for, so that
// a run that is measured pays nothing for it.
#pragma once

#include "runtime/tflm.h"

namespace lab {

class TracingResolver : public tflite::MicroOpResolver {
 public:
  // After operator `stop_after` of an inference the device parks, with that operator's output in memory.
  TracingResolver(const tflite::MicroOpResolver& traced, uint32_t stop_after);

  // An inference begins: the next operator is number 0.
  static void restart();

#if LAB_TFLM_OF_TODAY
  const tflm::Registration* FindOp(tflite::BuiltinOperator code) const override;
  const tflm::Registration* FindOp(const char* name) const override;
#else
  const tflm::Registration* FindOp(tflite::BuiltinOperator code, int version) const override;
  const tflm::Registration* FindOp(const char* name, int version) const override;
  TfLiteStatus AddBuiltin(tflite::BuiltinOperator, tflm::Registration*, int) override { return kTfLiteError; }
#endif
  tflm::Parser GetOpDataParser(tflite::BuiltinOperator code) const override;

  static void operator delete(void*) {}  // never on a heap

 private:
  const tflite::MicroOpResolver& traced_;
};

}  // namespace lab
