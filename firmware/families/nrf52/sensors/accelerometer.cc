// An LSM9DS1 on an nRF52 (the Nano 33 BLE has one). Its interrupt pins lead nowhere on that board: the real-time
// counter wakes the core before the FIFO is full. nRF52840 product specification 1.7, chapters 5.4 and 6.22.
#include "board_map.h"
#include "cores/cortex_m/core.h"
#include "drivers/lsm9ds1.h"
#include "families/nrf52/chip.h"
#include "families/nrf52/twi.h"
#include "runtime/sensor.h"

namespace {

using nrf52::rtc;

constexpr uint8_t kAddress = 0x6B;
constexpr uint32_t kCompare0 = 1u << 16;

nrf52::TwiBus bus(kAddress, board_map::kSensorClockPin, board_map::kSensorDataPin);

// Behind the low-frequency crystal; until that swings, the chip's own oscillator takes its place.
void start_waking(uint32_t every_us) {
  constexpr uint32_t kCrystal = 1;
  constexpr uint64_t kTicksASecond = 32'768;
  constexpr uint8_t kLowPriority = 0xC0;
  nrf52::clock().LFCLKSRC = kCrystal;
  nrf52::clock().TASKS_LFCLKSTART = 1;
  rtc().TASKS_CLEAR = 1;
  rtc().CC[0] = every_us * kTicksASecond / 1'000'000;
  rtc().EVENTS_COMPARE[0] = 0;
  rtc().INTENSET = kCompare0;
  cortex_m::enable_interrupt(nrf52::kRtcInterrupt, kLowPriority);
  rtc().TASKS_START = 1;
}

void stop_waking() {
  rtc().INTENCLR = kCompare0;
  cortex_m::disable_interrupt(nrf52::kRtcInterrupt);
  rtc().TASKS_STOP = 1;
}

class Accelerometer final : public drivers::Lsm9ds1 {
 public:
  constexpr Accelerometer() : Lsm9ds1(bus) {}

  const char* start(const sensor::Settings& settings, sensor::Sink sink) override {
    nrf52::drive(board_map::kSensorPowerPin, true);
    nrf52::drive(board_map::kSensorPullUpPin, true);
    bus.start();
    const char* wrong = Lsm9ds1::start(settings, sink);
    if (wrong == nullptr) {
      start_waking(wake_up_us());
    }
    return wrong;
  }

  void stop() override {
    stop_waking();
    Lsm9ds1::stop();
  }
};

Accelerometer accelerometer;

}  // namespace

extern "C" void rtc_handler() {
  rtc().EVENTS_COMPARE[0] = 0;
  rtc().TASKS_CLEAR = 1;
  accelerometer.wake();
  static_cast<void>(rtc().EVENTS_COMPARE[0]);  // it has been taken back before the interrupt is left
}

sensor::Driver& sensor::driver = accelerometer;
