// Listens without end and says a word when it hears one, like TFLM's micro_speech example. It knows nothing of the
// lab: no protocol, no marks, no parameters. It shares the features with the model's training.
#include <cstdio>
#include <cstring>

#include "board.h"
#include "runtime/features/audio_frontend.h"
#include "tensorflow/lite/micro/kernels/micro_ops.h"
#include "tensorflow/lite/micro/micro_error_reporter.h"
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "tensorflow/lite/schema/schema_generated.h"
#include "tensorflow/lite/version.h"

extern "C" const uint8_t model_data[];
extern "C" void DebugLog(const char* text) { board_print(text); }

namespace {

constexpr const char* kWords[] = {"silence", "unknown", "yes", "no",  "up",   "down",
                                  "left",    "right",   "on",  "off", "stop", "go"};
constexpr int kFirstWord = 2;
constexpr int kThreshold = 178;  // of 255
constexpr int kChannels = 40, kSteps = 49;
constexpr int kStepsPerInference = 150;  // 3 s: TFLM's own kernels need 2.5 s for one
constexpr int kSamplesPerMs = 16;

alignas(16) uint8_t arena[68 * 1024];
int8_t window[kSteps][kChannels];

void stop(const char* why) {
  char line[96];
  snprintf(line, sizeof(line), "FATAL: %s\r\n", why);
  board_print(line);
  for (;;) {
  }
}

void tell(const int8_t* scores, unsigned time_ms) {
  int best = 0;
  for (int word = 1; word < static_cast<int>(sizeof(kWords) / sizeof(*kWords)); ++word) {
    best = scores[word] > scores[best] ? word : best;
  }
  const int score = scores[best] + 128;
  if (best < kFirstWord || score < kThreshold) {
    return;
  }
  char line[64];
  snprintf(line, sizeof(line), "Heard %s (%d) @%ums\r\n", kWords[best], score, time_ms);
  board_print(line);
}

}  // namespace

int main() {
  board_start();

  static tflite::MicroErrorReporter reporter;
  static tflite::MicroMutableOpResolver<14> operators;
  const auto add = [](tflite::BuiltinOperator code, TfLiteRegistration* registration, int highest_version) {
    operators.AddBuiltin(code, registration, 1, highest_version);
  };
  add(tflite::BuiltinOperator_CONV_2D, tflite::ops::micro::Register_CONV_2D(), 3);
  add(tflite::BuiltinOperator_DEPTHWISE_CONV_2D, tflite::ops::micro::Register_DEPTHWISE_CONV_2D(), 3);
  add(tflite::BuiltinOperator_FULLY_CONNECTED, tflite::ops::micro::Register_FULLY_CONNECTED(), 4);
  add(tflite::BuiltinOperator_AVERAGE_POOL_2D, tflite::ops::micro::Register_AVERAGE_POOL_2D(), 2);
  add(tflite::BuiltinOperator_SOFTMAX, tflite::ops::micro::Register_SOFTMAX(), 2);
  static tflite::MicroInterpreter interpreter(tflite::GetModel(model_data), operators, arena, sizeof(arena), &reporter);
  if (interpreter.AllocateTensors() != kTfLiteOk) {
    stop("the model does not start");
  }

  static lab::AudioFrontend features;
  if (!features.start({16000, 30, 20, kChannels, 125.0f, 7500.0f})) {
    stop("the features do not start");
  }

  board_print("Listening\r\n");
  board_listen();
  unsigned heard = 0, steps = 0;
  for (;;) {
    int16_t some[320];
    size_t count = board_take_samples(some, sizeof(some) / sizeof(*some));
    const int16_t* next = some;
    heard += count;
    int8_t step[kChannels];
    while (features.next(next, count, step)) {
      memmove(window[0], window[1], sizeof(window) - sizeof(window[0]));
      memcpy(window[kSteps - 1], step, sizeof(step));
      if (++steps % kStepsPerInference == kSteps) {
        memcpy(interpreter.input(0)->data.int8, window, sizeof(window));
        if (interpreter.Invoke() != kTfLiteOk) {
          stop("an inference failed");
        }
        tell(interpreter.output(0)->data.int8, heard / kSamplesPerMs);
      }
    }
  }
}
