#include "i2c.h"

#include "i2c_master.h"

namespace {

constexpr stm32f746g::I2cWiring kArduinoHeader = {stm32f746g::kI2c1Base,
                                                  1u << 21,
                                                  stm32f746g::kPortBBase,
                                                  1u << 1,
                                                  {stm32f746g::kSensorClockPin, stm32f746g::kSensorDataPin}};

using Master = stm32f746g::I2cMaster<kArduinoHeader>;

}  // namespace

namespace stm32f746g {

void I2cBus::start() { Master::start(); }

bool I2cBus::write(uint8_t number, uint8_t value) {
  Master::begin(address, 2, Master::kStopAtEnd);
  return Master::end(Master::send(number) && Master::send(value));
}

bool I2cBus::read(uint8_t first, uint8_t* values, size_t count) {
  Master::begin(address, 1, 0);
  if (!Master::send(first) || !Master::complete()) {
    return Master::end(false);
  }
  Master::begin(address, count, Master::kReading | Master::kStopAtEnd);
  return Master::end(Master::receive(values, count));
}

}  // namespace stm32f746g
