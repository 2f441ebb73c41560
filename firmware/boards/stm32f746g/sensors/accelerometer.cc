// A LIS2DW12 on the Arduino header. Its INT1, high while enough frames wait, wakes the core.
#include "board_map.h"
#include "cores/cortex_m/core.h"
#include "drivers/lis2dw12.h"
#include "i2c.h"
#include "runtime/sensor.h"

namespace {

using stm32f746g::exti;

constexpr uint8_t kAddress = 0x19;
constexpr uint32_t kLine = 1u << stm32f746g::kAccelerometerLine;

stm32f746g::I2cBus bus(kAddress);

void start_waking() {
  constexpr uint8_t kLowPriority = 0xC0;
  exti().PR = kLine;
  exti().RTSR = exti().RTSR | kLine;
  exti().IMR = exti().IMR | kLine;
  cortex_m::enable_interrupt(stm32f746g::kAccelerometerInterrupt, kLowPriority);
}

void stop_waking() {
  cortex_m::disable_interrupt(stm32f746g::kAccelerometerInterrupt);
  exti().IMR = exti().IMR & ~kLine;
}

class Accelerometer final : public drivers::Lis2dw12 {
 public:
  constexpr Accelerometer() : Lis2dw12(bus) {}

  const char* start(const sensor::Settings& settings, sensor::Sink sink) override {
    bus.start();
    start_waking();  // before the part is: an edge comes once
    const char* wrong = Lis2dw12::start(settings, sink);
    if (wrong != nullptr) {
      stop_waking();
    }
    return wrong;
  }

  void stop() override {
    stop_waking();
    Lis2dw12::stop();
  }
};

Accelerometer accelerometer;

}  // namespace

extern "C" void accelerometer_handler() {
  exti().PR = kLine;
  accelerometer.wake();
  static_cast<void>(exti().PR);  // it has been taken back before the interrupt is left
}

sensor::Driver& sensor::driver = accelerometer;
