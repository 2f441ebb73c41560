// From reset to the first instruction of what is in flash. ESP-IDF Programming Guide, "Application Startup Flow" and
// "App Image Format"; direct boot as Espressif's esp32c3-direct-boot-example describes it.

#include "rom.h"

enum { IMAGE = 0xE9, CHECKSUM = 0xEF, DIRECT_BOOT = 0xAEDB041D, CODE = 0x42000000, CONSTANTS = 0x3C000000 };
enum { WHOLE_CACHE = 128, PAGE_KB = 64, POWER_ON = 1, RESET_CAUSE = 0x38 };

struct head {
  uint8_t magic, segments, mode, size;
  uint32_t entry;
  uint8_t more[16];
};

struct segment {
  uint32_t address, size;
};

int rtc_get_reset_reason(int core) {
  (void)core;
  return *at(RTC_CNTL + RESET_CAUSE) & 63;
}

// Applications with Wi-Fi or Bluetooth ask for it before they use either; neither is there.
const char *esp_coex_rom_version_get(void) { return ""; }

static void end(const char *why, uint32_t value) {
  ets_printf("%s: 0x%08x\n", why, value);
  for (;;) __asm__ volatile("wfi");
}

static uint8_t load(struct segment segment, uint32_t flash) {
  uint32_t block[16];
  uint8_t sum = 0;
  ets_printf("load:0x%08x,len:0x%x\n", segment.address, segment.size);
  for (uint32_t done = 0, part; done < segment.size; done += part) {
    part = segment.size - done < sizeof block ? segment.size - done : sizeof block;
    esp_rom_spiflash_read(flash + done, block, sizeof block);
    memcpy((uint8_t *)segment.address + done, block, part);
    for (uint32_t i = 0; i < part; i++) sum ^= ((uint8_t *)block)[i];
  }
  return sum;
}

static void boot_loader(const struct head *head) {
  uint32_t flash = sizeof *head;
  uint8_t sum = CHECKSUM, stored[4];
  for (uint32_t i = 0; i < head->segments; i++) {
    struct segment segment;
    esp_rom_spiflash_read(flash, (uint32_t *)&segment, sizeof segment);
    sum ^= load(segment, flash + sizeof segment);
    flash += sizeof segment + segment.size;
  }
  esp_rom_spiflash_read((flash & ~15u) + 12, (uint32_t *)stored, sizeof stored);
  if (stored[3] != sum) end("Checksum failed, calculated", sum);
  ets_printf("entry 0x%08x\n", head->entry);
  ((void (*)(void))head->entry)();
}

void boot(void) {
  struct head head;
  ets_printf("ROM stand-in of the lab\nrst:0x%x\n", rtc_get_reset_reason(0));
  esp_rom_spiflash_read(0, (uint32_t *)&head, sizeof head);
  if (*(uint32_t *)&head == DIRECT_BOOT) {
    map_flash(CODE, 0, PAGE_KB, WHOLE_CACHE, false);
    ((void (*)(void))(CODE + 8))();
  }
  if (head.magic != IMAGE) end("invalid header", *(uint32_t *)&head);
  boot_loader(&head);
  end("returned from", head.entry);
}

// What of RAM the ROM uses while firmware runs: ESP-IDF's rom/rom_layout.h.
extern char _stack[], _reserved[];
__attribute__((section(".layout"))) void *const layout[48] = {
    [0] = _stack - 0x2000, [1] = _reserved, [2] = _stack, [3] = _stack, [4] = _stack, [5] = _stack};
