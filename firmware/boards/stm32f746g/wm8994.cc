// WM8994, Cirrus Logic's data sheet rev 4.6; the order of ST's driver for this board.
#include "wm8994.h"

#include "i2c_master.h"

namespace {

constexpr uint16_t kSoftwareReset = 0x000;
constexpr uint16_t kIdentity = 0x8994;

struct Step {
  uint16_t number;
  uint16_t value;
};

constexpr Step kPowerUp[] = {
    {0x102, 0x0003}, {0x817, 0x0000}, {0x102, 0x0000},  // ST's work-around for errata
    {0x039, 0x006C},                                    // VMID rises softly, the start-up bias is on
    {0x001, 0x0013},                                    // bias, VMID, MICBIAS1
};

constexpr uint32_t kVmidMilliseconds = 50;

constexpr Step kMicrophones[] = {
    {0x004, 0x0C30},                   // DMIC2 and AIF1ADC2, left and right
    {0x608, 0x0002}, {0x609, 0x0002},  // DMIC2 to AIF1ADC2
    {0x411, 0x1800},                   // without what is steady: high-pass filters, hi-fi mode
    {0x210, 0x0033},                   // 16 kHz, 256 periods of AIF1CLK
    {0x300, 0x4010},                   // I2S, 16 bits
    {0x302, 0x0000},                   // slave
    {0x208, 0x000A},                   // clocks of AIF1's and of the core's processing
    {0x200, 0x0001},                   // AIF1CLK from MCLK1
    {0x404, 0x01C0}, {0x405, 0x01C0},  // AIF1ADC2 at 0 dB, from now on
};

constexpr stm32f746g::I2cWiring kControl = {stm32f746g::kI2c3Base,
                                            1u << 23,
                                            stm32f746g::kPortHBase,
                                            1u << 7,
                                            {stm32f746g::kCodecClockPin, stm32f746g::kCodecDataPin}};

using Master = stm32f746g::I2cMaster<kControl>;

bool send(uint16_t word) { return Master::send(static_cast<uint8_t>(word >> 8)) && Master::send(word & 0xFF); }

bool write(uint16_t number, uint16_t value) {
  Master::begin(stm32f746g::kCodecAddress, 4, Master::kStopAtEnd);
  return Master::end(send(number) && send(value));
}

bool read(uint16_t number, uint16_t& value) {
  uint8_t bytes[2];
  Master::begin(stm32f746g::kCodecAddress, 2, 0);
  if (!send(number) || !Master::complete()) {
    return Master::end(false);
  }
  Master::begin(stm32f746g::kCodecAddress, sizeof(bytes), Master::kReading | Master::kStopAtEnd);
  const bool answers = Master::end(Master::receive(bytes, sizeof(bytes)));
  value = static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
  return answers;
}

}  // namespace

namespace stm32f746g {

const char* Codec::start(void (*wait)(uint32_t milliseconds)) {
  constexpr const char* kSilent = "The codec WM8994 does not answer on I2C3";
  uint16_t identity = 0;
  Master::start();
  if (!read(kSoftwareReset, identity)) {
    return kSilent;
  }
  if (identity != kIdentity) {
    return "The codec on I2C3 is no WM8994";
  }
  bool answers = write(kSoftwareReset, 0);
  for (const Step& step : kPowerUp) {
    answers = answers && write(step.number, step.value);
  }
  wait(kVmidMilliseconds);
  for (const Step& step : kMicrophones) {
    answers = answers && write(step.number, step.value);
  }
  return answers ? nullptr : kSilent;
}

}  // namespace stm32f746g
