// Keeps what the accelerometer delivers, in the way that a test asks for, and says how it went.
#include <algorithm>
#include <iterator>

#include "runtime/board.h"
#include "runtime/json_line.h"
#include "runtime/sensor.h"
#include "runtime/start_error.h"

namespace {

struct Wanted {
  uint32_t rate_hz, range, bits;
  uint32_t frames;
  uint32_t busy_after, busy_rounds;  // frames, after which the core works and listens to nothing
};

volatile uint32_t heard = 0;

}  // namespace

extern "C" {
extern const Wanted test_wanted;
const Wanted test_wanted __attribute__((section(".lab_parameters"), used)) = {20, 4, 14, 100, 0, 0};
int16_t test_heard[2048][3];
volatile uint32_t test_wake_ups = 0;  // after the end
}

namespace {

// Not seen through by the compiler: the image holds other values when it runs.
__attribute__((noipa)) const Wanted& wanted() { return test_wanted; }

void keep(const int16_t* frames, size_t count) {
  for (size_t i = 0; i < count && heard < std::size(test_heard); ++i) {
    std::copy_n(frames + 3 * i, 3, test_heard[heard]);
    heard = heard + 1;
  }
}

void listen_until(uint32_t frames) {
  sensor::sleep_until([frames] { return sensor::driver.failure() != nullptr || heard >= frames; });
}

void work(uint32_t rounds) {
  for (uint32_t round = 0; round < rounds; ++round) {
    asm volatile("");
  }
}

}  // namespace

int main() {
  board::start();
  const Wanted& asked = wanted();
  if (const char* wrong = sensor::driver.start({asked.rate_hz, asked.range, asked.bits}, keep)) {
    lab::stop_with_error("sensor", wrong);
  }
  listen_until(asked.busy_after);
  work(asked.busy_rounds);
  listen_until(asked.frames);
  sensor::driver.stop();
  if (const char* wrong = sensor::driver.failure()) {
    lab::stop_with_error("sensor", wrong);
  }
  lab::JsonLine line("heard");
  line.number("frames", heard).number("lost", sensor::driver.lost_frames()).number("time_ms", board::milliseconds());
  line.send();
  for (;;) {
    board::wait_for_interrupt();
    test_wake_ups = test_wake_ups + 1;
  }
}
