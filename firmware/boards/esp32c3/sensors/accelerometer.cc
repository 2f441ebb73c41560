// A LIS2DW12 on I2C0. The system timer wakes the core before its FIFO is full. ESP32-C3 technical reference manual 1.1,
// chapter 10.
#include "board_map.h"
#include "drivers/lis2dw12.h"
#include "i2c.h"
#include "interrupts.h"
#include "runtime/sensor.h"

namespace {

using esp32c3::system_timer;

constexpr uint8_t kAddress = 0x19;
constexpr uint32_t kTarget0 = 1u << 0;
constexpr uint32_t kTarget0Works = 1u << 24;

esp32c3::I2cBus bus(kAddress);

void start_waking(uint32_t every_us, riscv::Handler on_alarm) {
  constexpr uint32_t kAgainAndAgain = 1u << 30;
  constexpr uint32_t kTicksAUs = 16;
  system_timer().TARGET_CONF[0] = every_us * kTicksAUs;
  system_timer().COMP_LOAD[0] = 1;
  system_timer().TARGET_CONF[0] = every_us * kTicksAUs | kAgainAndAgain;
  system_timer().CONF = system_timer().CONF | kTarget0Works;
  system_timer().INT_CLR = kTarget0;
  system_timer().INT_ENA = system_timer().INT_ENA | kTarget0;
  esp32c3::enable_interrupt(esp32c3::kSystemTimerSource, on_alarm);
}

void stop_waking() {
  esp32c3::disable_interrupt(esp32c3::kSystemTimerSource);
  system_timer().INT_ENA = system_timer().INT_ENA & ~kTarget0;
  system_timer().CONF = system_timer().CONF & ~kTarget0Works;
}

void on_alarm();

class Accelerometer final : public drivers::Lis2dw12 {
 public:
  constexpr Accelerometer() : Lis2dw12(bus) {}

  const char* start(const sensor::Settings& settings, sensor::Sink sink) override {
    bus.start();
    const char* wrong = Lis2dw12::start(settings, sink);
    if (wrong == nullptr) {
      start_waking(wake_up_us(), on_alarm);
    }
    return wrong;
  }

  void stop() override {
    stop_waking();
    Lis2dw12::stop();
  }
};

Accelerometer accelerometer;

void on_alarm() {
  system_timer().INT_CLR = kTarget0;
  accelerometer.wake();
}

}  // namespace

sensor::Driver& sensor::driver = accelerometer;
