// The C interface of liblab_frontend.
#include <cstddef>
#include <cstdint>

#include "runtime/audio_features.h"

// Features of a recording, from a fresh frontend: writes at most `max_steps` rows of `channels` int8 values to `out`,
// oldest first. Returns the rows written, or -1 if the frontend refuses the settings.
extern "C" int lab_features(const lab::FeatureConfig* config, const int16_t* samples, size_t count, int8_t* out,
                            size_t max_steps) {
  lab::AudioFeatures features;
  const bool started = features.start(*config);
  size_t steps = 0;
  while (started && steps < max_steps && count > 0) {
    if (features.next(samples, count, out + steps * config->channels)) {
      ++steps;
    }
  }
  features.stop();
  return started ? static_cast<int>(steps) : -1;
}
