#include "runtime/features/audio_frontend.h"

#include "tensorflow/lite/experimental/microfrontend/lib/frontend_util.h"

namespace lab {
namespace {

FrontendConfig frontend_config(const AudioSettings& wanted) {
  FrontendConfig config;
  FrontendFillConfigWithDefaults(&config);
  config.window.size_ms = wanted.window_ms;
  config.window.step_size_ms = wanted.step_ms;
  config.filterbank.num_channels = wanted.channels;
  config.filterbank.lower_band_limit = wanted.lower_hz;
  config.filterbank.upper_band_limit = wanted.upper_hz;
  // Noise reduction and logarithm as in TFLM's micro_speech example.
  config.noise_reduction.smoothing_bits = 10;
  config.noise_reduction.even_smoothing = 0.025f;
  config.noise_reduction.odd_smoothing = 0.06f;
  config.noise_reduction.min_signal_remaining = 0.05f;
  // No gain control: on speakers never heard, models of these features decide 3 % more clips right without it.
  config.pcan_gain_control.enable_pcan = 0;
  config.log_scale.enable_log = 1;
  config.log_scale.scale_shift = 6;
  return config;
}

// Without gain control speech rarely exceeds 900 in the frontend's output, and nothing heard exceeded 985: map
// 0..960 to int8.
int8_t to_int8(uint16_t feature) {
  constexpr int32_t kRange = 960;
  const int32_t value = (feature * 256 + kRange / 2) / kRange - 128;
  return static_cast<int8_t>(value > 127 ? 127 : value);
}

}  // namespace

bool AudioFrontend::start(const AudioSettings& settings) {
  const FrontendConfig wanted = frontend_config(settings);
  return FrontendPopulateState(&wanted, &state_, settings.rate_hz) == 1;
}

void AudioFrontend::stop() { FrontendFreeStateContents(&state_); }

bool AudioFrontend::next(const int16_t*& samples, size_t& count, int8_t* step) {
  size_t taken = 0;
  const FrontendOutput output = FrontendProcessSamples(&state_, samples, count, &taken);
  samples += taken;
  count -= taken;
  for (size_t channel = 0; channel < output.size; ++channel) {
    step[channel] = to_int8(output.values[channel]);
  }
  return output.size != 0;
}

}  // namespace lab
