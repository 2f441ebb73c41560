// Keeps what the microphone delivers, hears nothing for a while where a test asks for that, and says how it went.
#include <algorithm>
#include <iterator>

#include "runtime/board.h"
#include "runtime/json_line.h"
#include "runtime/sensor.h"
#include "runtime/start_error.h"

namespace {

struct Wanted {
  uint32_t frames;
  uint32_t deaf_after, deaf_rounds;  // frames, after which no interrupt is served
};

volatile uint32_t heard = 0;

}  // namespace

extern "C" {
extern const Wanted test_wanted;
const Wanted test_wanted __attribute__((section(".lab_parameters"), used)) = {1280, 0, 0};
int16_t test_heard[16'384];
}

namespace {

// Not seen through by the compiler: the image holds other values when it runs.
__attribute__((noipa)) const Wanted& wanted() { return test_wanted; }

void keep(const int16_t* frames, size_t count) {
  const auto kept = std::min<size_t>(count, std::size(test_heard) - heard);
  std::copy_n(frames, kept, test_heard + heard);
  heard = heard + kept;
}

void listen_until(uint32_t frames) {
  sensor::sleep_until([frames] { return heard >= frames; });
}

}  // namespace

int main() {
  board::start();
  const Wanted& asked = wanted();
  for (int times = 0; times < 2; ++times) {
    heard = 0;
    if (const char* wrong = sensor::driver.start({16'000, 1, 16}, keep)) {
      lab::stop_with_error("sensor", wrong);
    }
    listen_until(asked.deaf_after);
    board::disable_interrupts();
    for (uint32_t round = 0; round < asked.deaf_rounds; ++round) {
      asm volatile("");
    }
    board::enable_interrupts();
    listen_until(asked.frames);
    sensor::driver.stop();
    lab::JsonLine line("heard");
    line.number("frames", heard).number("lost", sensor::driver.lost_frames());
    line.send();
  }
  board::park();
}
