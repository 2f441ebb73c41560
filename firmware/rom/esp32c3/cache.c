// The flash's cache and its map of pages. ESP-IDF: rom/cache.h, soc/ext_mem_defs.h. The emulated cache always agrees
// with the flash: what invalidates, locks, loads and freezes has nothing to do.

#include "rom.h"

enum { CTRL = 0x00, ENABLE = 1, AUTOLOAD_CTRL = 0x4C };
enum { LINEAR = 0x7FFFFF, PAGE_BITS = 16, PAGE_KB = 64, ENTRIES = 128, INVALID = 1 << 8 };
enum { OK = 0, UNALIGNED = 2, WRONG_SIZE = 3, OUT_OF_RANGE = 4 };

static uint32_t end_of_code = 0x100, end_of_constants = 0x200;  // in bytes of the table of entries

int map_flash(uint32_t address, uint32_t flash, uint32_t kilobytes, uint32_t count, bool fixed) {
  uint32_t first = (address & LINEAR) >> PAGE_BITS, mask = (1 << PAGE_BITS) - 1;
  if (kilobytes != PAGE_KB) return WRONG_SIZE;
  if ((address | flash) & mask) return UNALIGNED;
  if (first + count > ENTRIES) return OUT_OF_RANGE;
  for (uint32_t i = 0; i < count; i++) at(MMU)[first + i] = (flash >> PAGE_BITS) + (fixed ? 0 : i);
  return OK;
}

int Cache_Ibus_MMU_Set(uint32_t external, uint32_t address, uint32_t flash, uint32_t kilobytes, uint32_t count,
                       uint32_t fixed) {
  (void)external;
  return map_flash(address, flash, kilobytes, count, fixed);
}

int Cache_Dbus_MMU_Set(uint32_t external, uint32_t address, uint32_t flash, uint32_t kilobytes, uint32_t count,
                       uint32_t fixed) {
  return Cache_Ibus_MMU_Set(external, address, flash, kilobytes, count, fixed);
}

void Cache_MMU_Init(void) {
  for (int i = 0; i < ENTRIES; i++) at(MMU)[i] = INVALID;
}

void Cache_Enable_ICache(uint32_t autoload) { (void)autoload, *at(EXTMEM + CTRL) |= ENABLE; }

uint32_t Cache_Disable_ICache(void) {
  *at(EXTMEM + CTRL) &= ~ENABLE;
  return 0;
}

void ROM_Boot_Cache_Init(void) {
  Cache_MMU_Init();
  Cache_Enable_ICache(0);
}

uint32_t Cache_Suspend_ICache(void) { return Cache_Disable_ICache(); }
void Cache_Resume_ICache(uint32_t autoload) { Cache_Enable_ICache(autoload); }

uint32_t Cache_Count_Flash_Pages(uint32_t bus, uint32_t *mapped) {
  (void)bus, (void)mapped;
  return 0;
}

void Cache_Set_IDROM_MMU_Size(uint32_t code, uint32_t constants) {
  end_of_code = code;
  end_of_constants = code + constants;
}

uint32_t Cache_Get_IROM_MMU_End(void) { return end_of_code; }
uint32_t Cache_Get_DROM_MMU_End(void) { return end_of_constants; }
uint32_t Cache_Get_ICache_Line_Size(void) { return 32; }
uint32_t Cache_Address_Through_IBus(uint32_t address) { return address - 0x42000000 <= LINEAR; }
uint32_t Cache_Address_Through_DBus(uint32_t address) { return address - 0x3C000000 <= LINEAR; }
uint32_t Cache_ICache_Preload_Done(void) { return 1; }
uint32_t nothing_in_cache(void) { return 0; }
