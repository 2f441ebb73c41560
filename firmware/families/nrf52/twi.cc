// nRF52840 product specification 1.7, chapter 6.29; the order of events and tasks is that of Nordic's nrfx_twi.
#include "families/nrf52/twi.h"

#include <initializer_list>

#include "families/nrf52/chip.h"

namespace {

using nrf52::Register;
using nrf52::twi;

// Between the bytes the bus waits for RESUME, or ends the transfer behind the next one.
constexpr uint32_t kSuspendAfterByte = 1u << 0;
constexpr uint32_t kStopAfterByte = 1u << 1;

bool await(const Register& event) {
  constexpr int kLongerThanAFewBytes = 2'000;  // one takes 1,440 clock cycles
  for (int tries = 0; tries < kLongerThanAFewBytes; ++tries) {
    if (event != 0) {
      return true;
    }
    if (twi().EVENTS_ERROR != 0) {  // nobody acknowledged
      return false;
    }
  }
  return false;
}

void begin_sending(uint8_t address) {
  twi().ADDRESS = address;
  twi().SHORTS = 0;
  twi().EVENTS_ERROR = 0;
  twi().EVENTS_STOPPED = 0;
  twi().TASKS_STARTTX = 1;
}

bool send(uint8_t byte) {
  twi().EVENTS_TXDSENT = 0;
  twi().TXD = byte;
  return await(twi().EVENTS_TXDSENT);
}

bool receive(uint8_t* bytes, size_t count) {
  twi().EVENTS_RXDREADY = 0;
  twi().SHORTS = count == 1 ? kStopAfterByte : kSuspendAfterByte;
  twi().TASKS_STARTRX = 1;
  for (size_t i = 0; i < count; ++i) {
    if (!await(twi().EVENTS_RXDREADY)) {
      return false;
    }
    twi().EVENTS_RXDREADY = 0;
    bytes[i] = static_cast<uint8_t>(twi().RXD);
    if (i + 2 == count) {
      twi().SHORTS = kStopAfterByte;
    }
    if (i + 1 < count) {
      twi().TASKS_RESUME = 1;
    }
  }
  return true;
}

// A transfer that failed ends here too: the bus is free for the next one.
bool stop(bool succeeded) {
  twi().EVENTS_ERROR = 0;
  twi().TASKS_STOP = 1;
  return await(twi().EVENTS_STOPPED) && succeeded;
}

}  // namespace

namespace nrf52 {

void TwiBus::start() {
  constexpr uint32_t kOpenDrainInput = 6u << 8;  // S0D1
  constexpr uint32_t k400kHz = 0x06680000;
  constexpr uint32_t kEnabled = 5;
  for (const uint32_t pin : {clock_pin_, data_pin_}) {
    port(pin / 32).PIN_CNF[pin % 32] = kOpenDrainInput;
  }
  twi().PSEL_SCL = clock_pin_;
  twi().PSEL_SDA = data_pin_;
  twi().FREQUENCY = k400kHz;
  twi().ENABLE = kEnabled;
}

bool TwiBus::write(uint8_t number, uint8_t value) {
  begin_sending(address);
  return stop(send(number) && send(value));
}

bool TwiBus::read(uint8_t first, uint8_t* values, size_t count) {
  begin_sending(address);
  if (!send(first) || !receive(values, count)) {
    return stop(false);
  }
  return await(twi().EVENTS_STOPPED);
}

}  // namespace nrf52
