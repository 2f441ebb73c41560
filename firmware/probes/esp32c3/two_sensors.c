// Microphone and accelerometer interrupts while the core multiplies and divides; checksum in result[2].
#include "probe.h"
void Trap_Handler(void) {
  if (REG(MIC + STATUS) & 1) {
    REG(MIC + STATUS) = 1;
    result[0]++;
  }
  if (REG(IMU + STATUS) & 1) {
    REG(IMU + STATUS) = 1;
    result[1]++;
  }
}
int main(void) {
  sensor_start(MIC, 16000, mic_buffer[0], 320);
  sensor_start(IMU, 100, imu_buffer[0], 5);
  interrupts_on((1 << 17) | (1 << 18));
  uint32_t s = 1;
  for (uint32_t n = 0;; n++) {
    s = s * 1664525u + 1013904223u;
    result[2] = result[2] * 31 + s / (n + 1) + (uint32_t)(((int64_t)(int32_t)s * (int32_t)n) >> 32);
    if (n % 20000 == 19999) mark(n);
  }
}
