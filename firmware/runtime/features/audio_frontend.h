// TFLM's audio frontend, then int8: sound to rows of features.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensorflow/lite/experimental/microfrontend/lib/frontend.h"

namespace lab {

// What the frontend is asked for.
struct AudioSettings {
  int32_t rate_hz;
  int32_t window_ms;
  int32_t step_ms;
  int32_t channels;
  float lower_hz;
  float upper_hz;
};

class AudioFrontend {
 public:
  // Builds the window, FFT and filter tables, with memory from malloc. False if the frontend refuses the settings.
  bool start(const AudioSettings& settings);

  // Frees that memory. The device never does.
  void stop();

  // Takes samples up to the end of the next window, moving `samples` and `count` along. True if a window was
  // completed: its `channels` features are then in `step`.
  bool next(const int16_t*& samples, size_t& count, int8_t* step);

 private:
  FrontendState state_ = {};
};

}  // namespace lab
