// A flight recorder of this computer, whose dumps are kept as text.
#include "device_lab/src/flight_recorder.h"

#include <string>
#include <vector>

namespace {

struct Device {
  fr_recorder recorder;
  fr_source source;
  std::vector<int16_t> frames;
  std::vector<int32_t> inferences;
  std::string sent;
  int16_t heard_while_sending = 0;  // frames that the sensor delivers with each line
  int16_t next = 0;
};

const char* const kLabels[] = {"silence", "yes", "no"};

void write(void* context, const char* text, size_t size) {
  auto& device = *static_cast<Device*>(context);
  device.sent.append(text, size);
  for (int i = 0; i < device.heard_while_sending; ++i) {
    const int16_t frame[FR_MOST_CHANNELS] = {device.next++};
    fr_frames(&device.recorder, frame, 1);
  }
}

}  // namespace

extern "C" {

Device* recorder_new(uint32_t capacity, uint32_t inferences, uint8_t channels, uint32_t align) {
  auto* device = new Device{};
  const bool is_sound = channels == 1;
  device->source = {is_sound ? "microphone" : "accelerometer",
                    is_sound ? "sound" : "x,y,z",
                    is_sound ? "" : "g",
                    "test on this computer",
                    is_sound ? 16'000'000u : 12'500u,
                    is_sound ? 32'768u : 8'192u,
                    align,
                    channels,
                    2,
                    3,
                    kLabels};
  device->frames.resize(capacity * channels);
  device->inferences.resize(inferences * FR_INFERENCE_WORDS(2));
  if (!fr_start(&device->recorder, &device->source, device->frames.data(), capacity, device->inferences.data(),
                inferences, write, device)) {
    delete device;
    return nullptr;
  }
  return device;
}

// Frame n has n in its first channel, and n + 1 and so on in the others.
void recorder_hear(Device* device, uint32_t count) {
  const uint32_t channels = device->source.channels;
  std::vector<int16_t> frames(count * channels);
  for (uint32_t i = 0; i < count; ++i) {
    for (uint32_t channel = 0; channel < channels; ++channel) {
      frames[i * channels + channel] = static_cast<int16_t>(device->next + channel);
    }
    ++device->next;
  }
  fr_frames(&device->recorder, frames.data(), count);
}

void recorder_lose(Device* device, uint32_t count) {
  device->next = static_cast<int16_t>(device->next + count);
  fr_lost(&device->recorder, count);
}

uint64_t recorder_heard(const Device* device) { return fr_heard(&device->recorder); }

void recorder_infer(Device* device, uint32_t number, uint8_t label, int detected, int32_t one, int32_t other) {
  const int32_t scores[] = {one, other};
  fr_inference(&device->recorder, fr_heard(&device->recorder), number, label, detected, scores);
}

// What was sent, or nullptr if nothing was; `heard` frames come with each line meanwhile.
const char* recorder_dump(Device* device, const char* reason, int16_t heard) {
  device->sent.clear();
  device->heard_while_sending = heard;
  return fr_dump(&device->recorder, reason) ? device->sent.c_str() : nullptr;
}

void recorder_overwrite(Device* device, size_t at, uint8_t value) {
  reinterpret_cast<uint8_t*>(&device->recorder)[at % sizeof(fr_recorder)] = value;
}

}  // extern "C"
