// The flash through SPI1. ESP-IDF: rom/spi_flash.h; registers: soc/spi_mem_reg.h; commands: JEDEC JESD216 and any data
// sheet of a NOR flash.

#include "rom.h"

enum { CMD = 0x00, ADDR = 0x04, CTRL = 0x08, USER = 0x18, USER1 = 0x1C, USER2 = 0x20, MOSI = 0x24, MISO = 0x28 };
enum { W0 = 0x58, START = 1 << 18, ADDRESS_BITS = 24, BUFFER = 64, WRITE = 32 };
enum { COMMAND_PHASE = 1u << 31, ADDRESS_PHASE = 1 << 30, MISO_PHASE = 1 << 28, MOSI_PHASE = 1 << 27 };
enum { WRSR = 0x01, PP = 0x02, READ = 0x03, RDSR = 0x05, WREN = 0x06, SE = 0x20, RDSR2 = 0x35, CE = 0xC7, BE = 0xD8 };
enum { BUSY = 1, OK = 0, FAILED = 1 };

struct chip {
  uint32_t id, chip_size, block_size, sector_size, page_size, status_mask;
};

struct {
  struct chip chip;
  uint8_t dummies[3], drive;
} flash = {{0x204016, 4 << 20, 64 << 10, 4 << 10, 256, 0xFFFF}, {0}, 0};

static uint32_t execute(uint8_t command, uint32_t address, uint32_t sent, uint32_t received) {
  bool addressed = command == PP || command == READ || command == SE || command == BE;
  *at(SPI1 + CTRL) = 0;
  *at(SPI1 + ADDR) = address;
  *at(SPI1 + USER1) = (ADDRESS_BITS - 1) << 26;
  *at(SPI1 + USER2) = 7u << 28 | command;
  *at(SPI1 + MOSI) = sent ? 8 * sent - 1 : 0;
  *at(SPI1 + MISO) = received ? 8 * received - 1 : 0;
  *at(SPI1 + USER) =
      COMMAND_PHASE | (addressed ? ADDRESS_PHASE : 0) | (sent ? MOSI_PHASE : 0) | (received ? MISO_PHASE : 0);
  *at(SPI1 + CMD) = START;
  while (*at(SPI1 + CMD) & START) {
  }
  return *at(SPI1 + W0);
}

int esp_rom_spiflash_wait_idle(struct chip *chip) {
  (void)chip;
  while (execute(RDSR, 0, 0, 1) & BUSY) {
  }
  return OK;
}

int esp_rom_spiflash_read(uint32_t from, uint32_t *to, int32_t size) {
  if (from + size > flash.chip.chip_size) return FAILED;
  for (int32_t done = 0; done < size; done += BUFFER) {
    int32_t part = size - done < BUFFER ? size - done : BUFFER;
    execute(READ, from + done, 0, part);
    for (int32_t i = 0; i < part; i += 4) {
      uint32_t word = *at(SPI1 + W0 + i);
      memcpy((uint8_t *)to + done + i, &word, part - i < 4 ? part - i : 4);
    }
  }
  return OK;
}

static int change(uint8_t command, uint32_t address, uint32_t sent) {
  execute(WREN, 0, 0, 0);
  execute(command, address, sent, 0);
  return esp_rom_spiflash_wait_idle(&flash.chip);
}

int esp_rom_spiflash_write(uint32_t into, const uint32_t *from, int32_t size) {
  if (into + size > flash.chip.chip_size) return FAILED;
  for (int32_t done = 0, part; done < size; done += part) {
    int32_t page = flash.chip.page_size - (into + done) % flash.chip.page_size;
    part = size - done < WRITE ? size - done : WRITE;
    if (part > page) part = page;
    for (int32_t i = 0; i < part; i += 4) {
      uint32_t word = 0xFFFFFFFF;
      memcpy(&word, (const uint8_t *)from + done + i, part - i < 4 ? part - i : 4);
      *at(SPI1 + W0 + i) = word;
    }
    change(PP, into + done, part);
  }
  return OK;
}

int esp_rom_spiflash_erase_chip(void) { return change(CE, 0, 0); }

int esp_rom_spiflash_erase_block(uint32_t number) { return change(BE, number * flash.chip.block_size, 0); }

int esp_rom_spiflash_erase_sector(uint32_t number) { return change(SE, number * flash.chip.sector_size, 0); }

int esp_rom_spiflash_erase_area(uint32_t from, uint32_t size) {
  uint32_t sector = flash.chip.sector_size;
  if (from % sector || size % sector) return FAILED;
  for (uint32_t done = 0; done < size; done += sector) change(SE, from + done, 0);
  return OK;
}

int esp_rom_spiflash_config_param(uint32_t id, uint32_t chip_size, uint32_t block_size, uint32_t sector_size,
                                  uint32_t page_size, uint32_t status_mask) {
  flash.chip = (struct chip){id, chip_size, block_size, sector_size, page_size, status_mask};
  return OK;
}

int esp_rom_spiflash_read_user_cmd(uint32_t *status, uint8_t command) {
  *status = execute(command, 0, 0, 1) & 0xFF;
  return OK;
}

int esp_rom_spiflash_read_status(struct chip *chip, uint32_t *status) {
  (void)chip;
  return esp_rom_spiflash_read_user_cmd(status, RDSR);
}

int esp_rom_spiflash_read_statushigh(struct chip *chip, uint32_t *status) {
  (void)chip;
  esp_rom_spiflash_read_user_cmd(status, RDSR2);
  *status <<= 8;
  return OK;
}

int esp_rom_spiflash_write_status(struct chip *chip, uint32_t status) {
  (void)chip;
  *at(SPI1 + W0) = status;
  return change(WRSR, 0, 2);
}

int esp_rom_spiflash_write_enable(struct chip *chip) {
  (void)chip;
  execute(WREN, 0, 0, 0);
  return OK;
}

// Nothing is encrypted.
int esp_rom_spiflash_write_encrypted(uint32_t into, uint32_t *from, uint32_t size) {
  (void)into, (void)from, (void)size;
  return FAILED;
}
void esp_rom_spiflash_write_encrypted_enable(void) {}
void esp_rom_spiflash_write_encrypted_disable(void) {}

// How fast the lines are, how many there are and which pads they are on changes nothing.
void esp_rom_spiflash_attach(uint32_t pads, bool legacy) { (void)pads, (void)legacy; }
int esp_rom_spiflash_config_readmode(int mode) { return (void)mode, OK; }
int esp_rom_spiflash_config_clk(uint8_t divider, uint8_t spi) { return (void)divider, (void)spi, OK; }
int esp_rom_spiflash_unlock(void) { return OK; }
void esp_rom_spiflash_select_qio_pins(uint8_t wp, uint32_t pads) { (void)wp, (void)pads; }
void spi_dummy_len_fix(uint8_t spi, uint8_t divider) { (void)spi, (void)divider; }
void SelectSpiFunction(uint32_t pads) { (void)pads; }
void SetSpiDrvs(uint8_t wp, uint32_t pads, uint8_t *drives) { (void)wp, (void)pads, (void)drives; }
void spi_flash_boot_attach(uint32_t pads, bool legacy) { (void)pads, (void)legacy; }
void spi_common_set_dummy_output(int spi) { (void)spi; }
void spi_common_set_flash_cs_timing(void) {}
static void check_suspended(void) {}

uint32_t spi_flash_get_chip_size(void) { return flash.chip.chip_size; }

const struct {
  uint32_t read_size, write_size;
  int (*unlock)(void), (*erase_sector)(uint32_t), (*erase_block)(uint32_t);
  int (*read)(uint32_t, uint32_t *, int32_t), (*write)(uint32_t, const uint32_t *, int32_t);
  int (*write_encrypted)(uint32_t, uint32_t *, uint32_t);
  void (*check_suspended)(void);
  int (*write_enable)(struct chip *), (*wait_idle)(struct chip *);
} flash_functions = {BUFFER,
                     WRITE,
                     esp_rom_spiflash_unlock,
                     esp_rom_spiflash_erase_sector,
                     esp_rom_spiflash_erase_block,
                     esp_rom_spiflash_read,
                     esp_rom_spiflash_write,
                     esp_rom_spiflash_write_encrypted,
                     check_suspended,
                     esp_rom_spiflash_write_enable,
                     esp_rom_spiflash_wait_idle};
