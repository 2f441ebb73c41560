// ESP32-C3 technical reference manual 1.1, chapter 28: what to do on the bus is a list of commands, and the bytes to
// send are in a FIFO before it starts.
#include "i2c.h"

#include "board_map.h"

namespace {

using esp32c3::i2c;

// Operations of a command.
constexpr uint32_t kStart = 6u << 11;
constexpr uint32_t kWrite = 1u << 11 | 1u << 8;  // and look at each acknowledge
constexpr uint32_t kRead = 3u << 11;
constexpr uint32_t kReadLast = 3u << 11 | 1u << 10;  // which is not acknowledged
constexpr uint32_t kStop = 2u << 11;

constexpr uint32_t kMaster = 1u << 4 | 1u << 1 | 1u << 0;  // CTR: with open drains
constexpr uint32_t kRun = 1u << 5;
constexpr uint32_t kBackToIdle = 1u << 10;
constexpr uint32_t kTakeSettings = 1u << 11;
constexpr uint32_t kEmptyFifos = 3u << 12;  // FIFO_CONF
constexpr uint32_t kLost = 1u << 5;         // INT_RAW
constexpr uint32_t kComplete = 1u << 7;
constexpr uint32_t kTimeOut = 1u << 8;
constexpr uint32_t kNotAcknowledged = 1u << 10;

void connect(unsigned pin, unsigned signal) {
  constexpr uint32_t kOpenDrain = 1u << 2;      // PIN
  constexpr uint32_t kThroughMatrix = 1u << 6;  // FUNC_IN_SEL_CFG
  constexpr uint32_t kGpioFunction = 1u << 12;  // IO MUX
  constexpr uint32_t kInputWithPullUp = 1u << 9 | 1u << 8;
  esp32c3::gpio().PIN[pin] = kOpenDrain;
  esp32c3::gpio().FUNC_IN_SEL_CFG[signal] = kThroughMatrix | pin;
  esp32c3::gpio().FUNC_OUT_SEL_CFG[pin] = signal;
  esp32c3::gpio().ENABLE_W1TS = 1u << pin;
  esp32c3::io_mux().GPIO[pin] = kGpioFunction | kInputWithPullUp;
}

// Commands and bytes of one transfer, in their order.
class Transfer {
 public:
  Transfer() {
    i2c().FIFO_CONF = kEmptyFifos;
    i2c().FIFO_CONF = 0;
    i2c().INT_CLR = kLost | kComplete | kTimeOut | kNotAcknowledged;
  }

  void send(uint8_t byte) { i2c().DATA = byte; }
  void then(uint32_t command) { i2c().COMD[commands_++] = command; }

  bool run() {
    constexpr int kLongerThanTheFifo = 30'000;  // 32 bytes take 130,000 clock cycles
    i2c().CTR = kMaster | kTakeSettings;
    i2c().CTR = kMaster | kRun;
    for (int tries = 0; tries < kLongerThanTheFifo; ++tries) {
      const uint32_t flags = i2c().INT_RAW;
      if ((flags & (kLost | kTimeOut | kNotAcknowledged)) != 0) {
        break;
      }
      if ((flags & kComplete) != 0) {
        return true;
      }
    }
    i2c().CTR = kMaster | kBackToIdle;
    return false;
  }

 private:
  size_t commands_ = 0;
};

}  // namespace

namespace esp32c3 {

void I2cBus::start() {
  constexpr uint32_t kI2c0 = 1u << 7;
  constexpr unsigned kClockSignal = 53;
  constexpr unsigned kDataSignal = 54;
  // 40 MHz of the crystal / 100. High is what the pull-up takes to raise the line, and 27 cycles.
  constexpr uint32_t kHalf = 50;
  constexpr uint32_t kRising = 23;
  constexpr uint32_t kFromCrystal = 1u << 21;
  system().PERIP_CLK_EN0 = system().PERIP_CLK_EN0 | kI2c0;
  system().PERIP_RST_EN0 = system().PERIP_RST_EN0 & ~kI2c0;
  connect(kSensorClockPin, kClockSignal);
  connect(kSensorDataPin, kDataSignal);
  i2c().CLK_CONF = kFromCrystal;
  i2c().SCL_LOW_PERIOD = kHalf - 1;
  i2c().SCL_HIGH_PERIOD = (kHalf - kRising) | kRising << 9;
  i2c().SDA_HOLD = kHalf / 4 - 1;
  i2c().SDA_SAMPLE = kHalf / 2 + kRising - 1;
  i2c().SCL_START_HOLD = kHalf - 1;
  i2c().SCL_RSTART_SETUP = kHalf - 1;
  i2c().SCL_STOP_HOLD = kHalf - 1;
  i2c().SCL_STOP_SETUP = kHalf - 1;
}

bool I2cBus::write(uint8_t number, uint8_t value) {
  Transfer transfer;
  transfer.then(kStart);
  transfer.send(address << 1);
  transfer.send(number);
  transfer.send(value);
  transfer.then(kWrite | 3);
  transfer.then(kStop);
  return transfer.run();
}

bool I2cBus::read(uint8_t first, uint8_t* values, size_t count) {
  Transfer transfer;
  transfer.then(kStart);
  transfer.send(address << 1);
  transfer.send(first);
  transfer.then(kWrite | 2);
  transfer.then(kStart);
  transfer.send(address << 1 | 1);
  transfer.then(kWrite | 1);
  if (count > 1) {
    transfer.then(kRead | (count - 1));
  }
  transfer.then(kReadLast | 1);
  transfer.then(kStop);
  if (!transfer.run()) {
    return false;
  }
  for (size_t i = 0; i < count; ++i) {
    values[i] = static_cast<uint8_t>(i2c().DATA);
  }
  return true;
}

}  // namespace esp32c3
