// Tells the device lab what a model decides. Put your sensor and your model into the two functions.
#include <device_lab.h>

static void write_serial(void *, const char *text, size_t size) { Serial.write(text, size); }

static void fill_input() {}                          // wait for the sensor, compute features
static const char *infer() { return nullptr; }       // interpreter->Invoke(); the label, or nothing

void setup() {
  Serial.begin(115200);
  // The model is loaded here.
  device_lab_ready(write_serial, nullptr);
}

void loop() {
  fill_input();
  device_lab_inference_begins();
  const char *label = infer();
  device_lab_inference_ends();
  if (label != nullptr) {
    device_lab_result(label);
  }
}
