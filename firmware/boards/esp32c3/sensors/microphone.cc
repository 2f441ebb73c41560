// An INMP441 on I2S, which clocks it, and GDMA: two buffers of 20 ms. ESP32-C3 technical reference manual 1.1, chapters
// 29 (the order is that of "configure I2S as RX mode") and 2.
#include "board_map.h"
#include "interrupts.h"
#include "runtime/sensor.h"

namespace {

using esp32c3::Descriptor;
using esp32c3::gdma;
using esp32c3::i2s;
using esp32c3::system;

constexpr uint32_t kRateHz = 16'000;
constexpr size_t kBufferFrames = 320;
constexpr uint32_t kBufferBytes = kBufferFrames * sizeof(int16_t);

// The microphone needs 64 clocks a frame, left and right 32 each, and sends 24 bits in the left ones. The first 16 of
// them are stored.
constexpr uint32_t kSlotBits = 32;
constexpr uint32_t kSlots = 2;

// 160 MHz / (39 + 1 / 16) / 4 is 1.024 MHz.
constexpr uint32_t kPllHz = 160'000'000;
constexpr uint32_t kWhole = 39;
constexpr uint32_t kSixteenths = 1;
constexpr uint32_t kClocksABit = 4;
static_assert(uint64_t{kPllHz} * 16 ==
              uint64_t{kRateHz} * kSlotBits * kSlots * kClocksABit * (16 * kWhole + kSixteenths));

constexpr uint32_t kStart = 1u << 2;  // RX_CONF
constexpr uint32_t kLinkStop = 1u << 21;
constexpr uint32_t kReceived = 1u << 1;  // INT: a buffer is full

int16_t buffers[2][kBufferFrames] __attribute__((section(".bss.dma")));
Descriptor ring[2] __attribute__((section(".bss.dma")));

uint32_t address_of(const void* place) { return reinterpret_cast<uintptr_t>(place); }

void give_back(Descriptor& descriptor) { descriptor.head = Descriptor::kOwnedByDma | kBufferBytes; }

void start_clock() {
  constexpr uint32_t kI2s = 1u << 21;  // PERIP_CLK_EN0
  constexpr uint32_t kDma = 1u << 6;   // PERIP_CLK_EN1
  constexpr uint32_t kGate = 1u << 29;
  constexpr uint32_t kFromPll = 2u << 27;
  constexpr uint32_t kRunning = 1u << 26;
  system().PERIP_CLK_EN0 = system().PERIP_CLK_EN0 | kI2s;
  system().PERIP_RST_EN0 = system().PERIP_RST_EN0 & ~kI2s;
  system().PERIP_CLK_EN1 = system().PERIP_CLK_EN1 | kDma;
  system().PERIP_RST_EN1 = system().PERIP_RST_EN1 & ~kDma;
  i2s().TX_CLKM_CONF = kGate;
  i2s().RX_CLKM_DIV_CONF = (16 / kSixteenths - 1) << 18 | kSixteenths;
  i2s().RX_CLKM_CONF = kFromPll | kRunning | kWhole;
}

void connect_pins() {
  constexpr unsigned kDataSignal = 15;
  constexpr unsigned kClockSignal = 16;
  constexpr unsigned kWordSignal = 17;
  constexpr uint32_t kThroughMatrix = 1u << 6;  // FUNC_IN_SEL_CFG
  constexpr uint32_t kGpioFunction = 1u << 12;  // IO MUX
  constexpr uint32_t kInputWithPullDown = 1u << 9 | 1u << 7;
  using namespace esp32c3;
  gpio().FUNC_OUT_SEL_CFG[kMicrophoneClockPin] = kClockSignal;
  gpio().FUNC_OUT_SEL_CFG[kMicrophoneWordPin] = kWordSignal;
  gpio().FUNC_IN_SEL_CFG[kDataSignal] = kThroughMatrix | kMicrophoneDataPin;
  gpio().ENABLE_W1TS = 1u << kMicrophoneClockPin | 1u << kMicrophoneWordPin;
  io_mux().GPIO[kMicrophoneClockPin] = kGpioFunction;
  io_mux().GPIO[kMicrophoneWordPin] = kGpioFunction;
  io_mux().GPIO[kMicrophoneDataPin] = kGpioFunction | kInputWithPullDown;  // nobody drives it in the right half
}

// As master, in Philips' format.
void configure() {
  constexpr uint32_t kSlotsByTdm = 1u << 19;
  constexpr uint32_t kFromTheLeft = 1u << 15;
  constexpr uint32_t kUncompressed = 1u << 12;
  constexpr uint32_t kMode = kSlotsByTdm | kFromTheLeft | kUncompressed;
  constexpr uint32_t kTakeSettings = 1u << 8;
  constexpr uint32_t kReset = 1u << 0;
  constexpr uint32_t kResetFifo = 1u << 1;
  constexpr uint32_t kBitAfterWord = 1u << 29;
  constexpr uint32_t kLeft = 1u << 0;
  i2s().RX_CONF = kMode;
  i2s().RX_CONF1 = kBitAfterWord | (kSlotBits - 1) << 24 | (kSlotBits - 1) << 18 | (8 * sizeof(int16_t) - 1) << 13 |
                   (kClocksABit - 1) << 7 | (kSlotBits - 1);
  i2s().RX_TDM_CTRL = (kSlots - 1) << 16 | kLeft;
  i2s().RX_CONF = kMode | kTakeSettings;
  while ((i2s().RX_CONF & kTakeSettings) != 0) {  // a few cycles of the microphone's clock
  }
  i2s().RX_CONF = kMode | kReset;
  i2s().RX_CONF = kMode;
  i2s().RX_CONF = kMode | kResetFifo;
  i2s().RX_CONF = kMode;
}

void link_buffers() {
  constexpr uint32_t kReset = 1u << 0;
  constexpr uint32_t kI2s = 3;
  constexpr uint32_t kAddress = 0xFFFFF;
  constexpr uint32_t kLinkStart = 1u << 22;
  for (unsigned index = 0; index < 2; ++index) {
    ring[index].buffer = buffers[index];
    ring[index].next = &ring[index ^ 1];
    give_back(ring[index]);
  }
  gdma().IN[0].CONF0 = kReset;
  gdma().IN[0].CONF0 = 0;
  gdma().IN[0].PERI_SEL = kI2s;
  gdma().IN[0].LINK = address_of(ring) & kAddress;
  gdma().IN[0].LINK = (address_of(ring) & kAddress) | kLinkStart;
  i2s().RXEOF_NUM = kBufferBytes;
}

void on_buffer();

class Microphone final : public sensor::Driver {
 public:
  const char* start(const sensor::Settings& settings, sensor::Sink sink) override {
    if (settings.rate_hz != kRateHz) {
      return "The microphone delivers 16,000 samples a second";
    }
    sink_ = sink;
    lost_buffers_ = 0;
    start_clock();
    connect_pins();
    configure();
    gdma().INT[0].CLR = kReceived;
    gdma().INT[0].ENA = kReceived;
    esp32c3::enable_interrupt(esp32c3::kDmaSource, on_buffer);
    link_buffers();
    i2s().RX_CONF = i2s().RX_CONF | kStart;
    return nullptr;
  }

  void stop() override {
    i2s().RX_CONF = i2s().RX_CONF & ~kStart;
    gdma().IN[0].LINK = kLinkStop;
    gdma().INT[0].ENA = 0;
    esp32c3::disable_interrupt(esp32c3::kDmaSource);
  }

  // The other buffer is being filled since this one's end: it has 20 ms left to be used. If nobody has given the other
  // one back, that was so when it began, and what it held is lost.
  void on_interrupt() {
    gdma().INT[0].CLR = kReceived;
    const unsigned full = gdma().IN[0].SUC_EOF_DES_ADDR == address_of(&ring[1]) ? 1 : 0;
    Descriptor& other = ring[full ^ 1];
    if ((other.head & Descriptor::kOwnedByDma) == 0) {
      ++lost_buffers_;
      give_back(other);
    }
    sink_(buffers[full], kBufferFrames);
    give_back(ring[full]);
  }

  uint32_t lost_frames() const override { return lost_buffers_ * kBufferFrames; }

 private:
  sensor::Sink sink_ = nullptr;
  volatile uint32_t lost_buffers_ = 0;  // at least
};

Microphone microphone;

void on_buffer() { microphone.on_interrupt(); }

}  // namespace

sensor::Driver& sensor::driver = microphone;
