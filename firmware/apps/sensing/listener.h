// The signal: from the sensor's frames to the model's input.
#pragma once

#include <cstddef>
#include <cstdint>

#include "features_config.h"
#include "workload_config.h"

namespace lab {

using workload::Features;

// The ring holds twice a recording: as much as is made into features again while an inference runs.
constexpr size_t kRingFrames = 2 * workload::kClipFrames;

class Listener {
 public:
  // Makes the features ready. Does not return if they refuse their settings.
  void start();

  // Turns the sensor on. Does not return if it cannot be.
  void listen();

  // Sleeps until the next step has its frames, then adds it to the features.
  void next_step();

  // Sleeps until the sensor has delivered `frames`, then turns it off.
  void listen_until(size_t frames);

  // The model's input, of the frames up to the last step.
  void make(int8_t* values);

  // CRC of the frames that the model's input is made of.
  uint32_t samples_crc() const;

  // Whether the last step has completed an input.
  bool ready() const { return features_.ready(); }

  size_t frames_waiting() const;
  uint32_t buffers() const;
  uint32_t lost_frames() const;

 private:
  void check_sensor() const;

  Features features_;
  size_t next_step_frames_ = Features::kFirstFrames;
};

}  // namespace lab

// The ring's storage: in clip mode the whole recording, from its first element.
extern "C" int16_t lab_samples[lab::kRingFrames * workload::kChannels];
