// ESP32-C3 technical reference manual 1.1, chapter 12. In flash boot mode a watchdog runs whether it is enabled or not;
// that mode ends when firmware clears its bit. Order and keys: ESP-IDF, hal/rwdt_ll.h and hal/mwdt_ll.h; the super
// watchdog feeds itself from then on, as in bootloader_esp32c3.c.
#include "watchdogs.h"

#include "board_map.h"

namespace esp32c3 {

void stop_watchdogs() {
  constexpr uint32_t kKey = 0x50D83AA1;
  constexpr uint32_t kSuperKey = 0x8F1D312A;
  constexpr uint32_t kLocked = 0;
  constexpr uint32_t kEnabled = 1u << 31;
  constexpr uint32_t kGroupsFlashBoot = 1u << 14;
  constexpr uint32_t kTakeSettings = 1u << 22;
  constexpr uint32_t kFlashBoot = 1u << 12;
  constexpr uint32_t kFeedsItself = 1u << 31;

  auto& group = timer_group();
  group.WDTWPROTECT = kKey;
  group.WDTCONFIG0 = (group.WDTCONFIG0 & ~(kEnabled | kGroupsFlashBoot)) | kTakeSettings;
  group.WDTWPROTECT = kLocked;

  auto& rtc = low_power();
  rtc.WDTWPROTECT = kKey;
  rtc.WDTCONFIG0 = rtc.WDTCONFIG0 & ~(kEnabled | kFlashBoot);
  rtc.WDTWPROTECT = kLocked;

  rtc.SWD_WPROTECT = kSuperKey;
  rtc.SWD_CONF = rtc.SWD_CONF | kFeedsItself;
  rtc.SWD_WPROTECT = kLocked;
}

}  // namespace esp32c3
