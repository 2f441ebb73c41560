// Sound to model input: TFLM's audio frontend, then int8. The same source runs on the device and on the host.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensorflow/lite/experimental/microfrontend/lib/frontend.h"

namespace lab {

// What the frontend is asked for. Part of liblab_frontend's C interface: keep it plain.
struct FeatureConfig {
  int32_t rate_hz;
  int32_t window_ms;
  int32_t step_ms;
  int32_t channels;
  float lower_hz;
  float upper_hz;
};

// Steps that `samples` samples give from a fresh start.
constexpr size_t steps_in(const FeatureConfig& config, size_t samples) {
  const size_t window = static_cast<size_t>(config.rate_hz) * config.window_ms / 1000;
  const size_t step = static_cast<size_t>(config.rate_hz) * config.step_ms / 1000;
  return samples < window ? 0 : (samples - window) / step + 1;
}

class AudioFeatures {
 public:
  // Builds the window, FFT and filter tables, with memory from malloc. False if the frontend refuses the settings.
  bool start(const FeatureConfig& config);

  // Frees that memory. The device never does.
  void stop();

  // Takes samples up to the end of the next window, moving `samples` and `count` along. True if a window was
  // completed: its `channels` features are then in `step`.
  bool next(const int16_t*& samples, size_t& count, int8_t* step);

 private:
  FrontendState state_ = {};
};

}  // namespace lab
