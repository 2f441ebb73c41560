// The features of kind "edge-impulse-mfe": how loud each mel band is in each row of sound, in decibels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/features/emphasised_bands.h"
#include "runtime/features/real.h"

namespace lab::edge_impulse_mfe {

// Settings has what EmphasisedBands asks for; kNoiseFloor and kLoudest (in decibels).
template <class Settings>
class Features : public EmphasisedBands<Settings> {
 public:
  void add(const int16_t* frames, size_t count) {
    this->add_bands(frames, count, this->as_it_is, [](float band) { return level(band); });
  }

 private:
  // From 0 at the noise floor to 1, in steps of 1/256, of which the last is left out.
  static float level(float band) {
    constexpr float kOfNothing = 1e-10f;
    constexpr float kLeast = 1e-30f;
    constexpr float kDecibels = 4.3429448f;  // 10 / ln 10
    constexpr float kRange = Settings::kLoudest - Settings::kNoiseFloor;
    const float decibels = kDecibels * natural_logarithm(band == 0.0f ? kOfNothing : std::max(band, kLeast));
    const float share = (decibels - Settings::kNoiseFloor) / kRange;
    const auto step = static_cast<int32_t>(std::clamp(share, 0.0f, 1.0f) * 256.0f + 0.5f);
    return static_cast<float>(std::min<int32_t>(step, 255)) / 256.0f;
  }
};

}  // namespace lab::edge_impulse_mfe
