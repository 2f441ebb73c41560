// A firmware of an ESP32-C3 that is reset in each way that its registers can tell, and says what was kept.

#include "esp32c3.h"

#define STORE0 REGISTER(0x60008050)
#define RTC_WDT 0x60008090
#define TIMG1_WDT 0x60020048
#define UNLOCKED 0x50D83AA1

static uint32_t variable = 7;

__attribute__((noreturn)) void start(void) {
  print("cause %d stored %d variable %d\n", ROM(0x40000018, int (*)(int))(0), STORE0, variable++);
  switch (STORE0++) {
    case 0: ROM(0x40000090, void (*)(void))();  // software_reset
    case 1: ROM(0x40000094, void (*)(int))(0);  // software_reset_cpu
    case 2: REGISTER(TIMG1_WDT + 0x1C) = UNLOCKED, REGISTER(TIMG1_WDT + 8) = 1000, REGISTER(TIMG1_WDT) = 1u << 31 | 3 << 29;
      break;
    case 3: REGISTER(RTC_WDT + 0x18) = UNLOCKED, REGISTER(RTC_WDT + 4) = 10, REGISTER(RTC_WDT) = 1u << 31 | 3 << 28;
      break;
    case 4: REGISTER(RTC_WDT + 0x18) = UNLOCKED, REGISTER(RTC_WDT + 4) = 10, REGISTER(RTC_WDT) = 1u << 31 | 4 << 28;
  }
  for (;;) __asm__ volatile("wfi");
}
