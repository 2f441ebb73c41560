// The features of kind "tflm-audio-frontend": a row of channels for each step of sound, the last rows are the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "runtime/features/audio_frontend.h"

namespace lab::tflm_audio_frontend {

// Settings has kRateHz, kWindowMs, kStepMs, kRowChannels, kRows, kLowerHz and kUpperHz.
template <class Settings>
class Features {
 public:
  static constexpr size_t kRows = Settings::kRows;
  static constexpr size_t kRowValues = Settings::kRowChannels;
  static constexpr size_t kValues = kRows * kRowValues;

  // Frames for the first row, and for each after it; and all that a whole input is made of.
  static constexpr size_t kFirstFrames = static_cast<size_t>(Settings::kRateHz) * Settings::kWindowMs / 1000;
  static constexpr size_t kStepFrames = static_cast<size_t>(Settings::kRateHz) * Settings::kStepMs / 1000;
  static constexpr size_t kFrames = kFirstFrames + (kRows - 1) * kStepFrames;
  static constexpr size_t kSteps = kRows;
  // Frames from one input to the next, at least.
  static constexpr size_t kApart = kStepFrames;

  // False if the frontend refuses the settings.
  bool start() {
    constexpr int8_t kNoSound = -128;
    std::memset(rows_, kNoSound, sizeof(rows_));
    return frontend_.start({Settings::kRateHz, Settings::kWindowMs, Settings::kStepMs, Settings::kRowChannels,
                            Settings::kLowerHz, Settings::kUpperHz});
  }

  // Frees what `start` took. The device never does.
  void stop() { frontend_.stop(); }

  // The next frames of the signal.
  void add(const int16_t* frames, size_t count) {
    while (count > 0) {
      if (frontend_.next(frames, count, next_)) {
        std::memmove(rows_, rows_ + kRowValues, sizeof(rows_) - kRowValues);
        std::memcpy(rows_ + sizeof(rows_) - kRowValues, next_, kRowValues);
      }
    }
  }

  // Whether the last step has completed an input.
  bool ready() const { return true; }

  // The model's input, of the last kFrames frames.
  void make(int8_t* values) const { std::memcpy(values, rows_, sizeof(rows_)); }

 private:
  AudioFrontend frontend_;
  int8_t rows_[kValues] = {};
  int8_t next_[kRowValues] = {};
};

}  // namespace lab::tflm_audio_frontend
