// Where the lab counts. A mark costs three instructions: load the number, call, return.
#pragma once

#include <cstdint>

extern "C" void lab_mark(uint32_t id);

namespace lab::mark {

constexpr uint32_t kInferenceBegins = 1;
constexpr uint32_t kInferenceEnded = 2;
constexpr uint32_t kFeatureStepBegins = 3;
constexpr uint32_t kFeatureStepEnded = 4;
constexpr uint32_t kOperatorBegins = 5;
constexpr uint32_t kOperatorEnded = 6;

}  // namespace lab::mark
