// The drivers of the accelerometers on a bus with a part in memory, behind a C interface.
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "drivers/lis2dw12.h"
#include "drivers/lsm9ds1.h"
#include "runtime/board.h"

namespace {

constexpr uint8_t kWhoAmI = 0x0F;
constexpr uint8_t kOutputs = 0x28;
constexpr uint8_t kFifoState = 0x2F;
constexpr uint8_t kOverrun = 0x40;

uint32_t now_ms;
std::string heard;

// A part that says which registers were written, and whose frames have their number in each axis.
class Part : public drivers::RegisterBus {
 public:
  explicit Part(uint8_t identity) : RegisterBus(0x19), identity_(identity) {}

  bool write(uint8_t number, uint8_t value) override {
    char text[8];
    std::snprintf(text, sizeof(text), "%02x=%02x ", number, value);
    written += text;
    return answer();
  }

  bool read(uint8_t first, uint8_t* values, size_t count) override {
    std::memset(values, 0, count);
    if (first == kWhoAmI) {
      values[0] = identity_;
    } else if (first == kFifoState) {
      values[0] = static_cast<uint8_t>(waiting | (overrun ? kOverrun : 0));
    } else if (first == kOutputs) {
      take(values, count / 6);
    } else {
      values[0] = busy;
    }
    return answer();
  }

  std::string written;
  unsigned waiting = 0;
  unsigned next = 0;
  bool overrun = false;
  uint8_t busy = 0;
  int answers = -1;  // transfers that succeed; -1: all

 private:
  void take(uint8_t* values, size_t frames) {
    for (; frames > 0; --frames, ++next, --waiting) {
      const auto left_justified = static_cast<int16_t>(next * 4);
      for (int axis = 0; axis < 3; ++axis, values += 2) {
        std::memcpy(values, &left_justified, 2);
      }
    }
    overrun = false;
  }

  // Waiting for an answer takes time.
  bool answer() {
    if (answers != 0) {
      answers -= answers > 0 ? 1 : 0;
      return true;
    }
    now_ms += 10;
    return false;
  }

  uint8_t identity_;
};

template <class Driver>
struct OnBoard final : Driver {
  using Driver::Driver;
};

std::unique_ptr<Part> part;
std::unique_ptr<OnBoard<drivers::Lsm9ds1>> lsm9ds1;
std::unique_ptr<OnBoard<drivers::Lis2dw12>> lis2dw12;
drivers::FifoAccelerometer* driver;

void note(const int16_t* frames, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    heard += std::to_string(frames[3 * i]) + " ";
  }
}

}  // namespace

namespace board {
uint32_t milliseconds() { return now_ms; }
}  // namespace board

extern "C" {

void make(bool lis, uint8_t identity) {
  now_ms = 0;
  heard.clear();
  part = std::make_unique<Part>(identity);
  lsm9ds1 = std::make_unique<OnBoard<drivers::Lsm9ds1>>(*part);
  lis2dw12 = std::make_unique<OnBoard<drivers::Lis2dw12>>(*part);
  driver = lis ? static_cast<drivers::FifoAccelerometer*>(lis2dw12.get()) : lsm9ds1.get();
}

const char* start(uint32_t rate_hz, uint32_t range, uint32_t bits) {
  return driver->start({rate_hz, range, bits}, note);
}
void stop() { driver->stop(); }
void set_answers(int answers) { part->answers = answers; }
void set_busy(uint8_t value) { part->busy = value; }
uint32_t wake_up_us() { return driver->wake_up_us(); }
bool needs_service() { return driver->needs_service(); }
uint32_t lost_frames() { return driver->lost_frames(); }
const char* failure() { return driver->failure(); }
const char* written() { return part->written.c_str(); }

// Time passes and frames wait, of which the oldest were `lost`; the core is woken or not, and the driver works.
const char* serve(uint32_t after_ms, unsigned waiting, unsigned lost, bool woken) {
  now_ms += after_ms;
  part->waiting += waiting;
  part->next += lost;
  part->overrun = lost != 0;
  if (woken) {
    driver->wake();
  }
  heard.clear();
  driver->service();
  return heard.c_str();
}
}
