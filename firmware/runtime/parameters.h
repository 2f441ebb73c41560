// The parameter block (docs/device-protocol.md): what the lab may change in a finished image, before boot.
#pragma once

#include <cstdint>

namespace lab {

struct Parameters {
  uint32_t magic;
  uint32_t version;
  uint32_t mode;
  uint32_t clip_frames;
  uint32_t stride_steps;
  uint32_t average_inferences;
  uint32_t threshold;
  uint32_t refractory_ms;
  uint32_t trace_operators;
  uint32_t stop_after_operator;
  uint32_t arena_bytes;
};

enum Mode : uint32_t { kStream = 0, kClip = 1 };

constexpr uint32_t kMostAveraged = 8;

const Parameters& parameters();

}  // namespace lab
