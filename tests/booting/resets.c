// A firmware for the STM32F746 that is reset again and again, and says what it finds: why, and what was kept.

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))
#define USART1 0x40011000
#define CR1 REG(USART1 + 0x00)
#define ISR REG(USART1 + 0x1C)
#define RDR REG(USART1 + 0x24)
#define TDR REG(USART1 + 0x28)
#define RCC_CSR REG(0x40023874)
#define BACKUP REG(0x40002850)
#define IWDG 0x40003000
#define KEPT REG(0x20001000)
#define AIRCR REG(0xE000ED0C)

static void print(const char *text) {
  while (*text) TDR = *text++;
}

static void print_number(const char *name, uint32_t value) {
  print(name);
  for (int shift = 28; shift >= 0; shift -= 4) TDR = "0123456789abcdef"[value >> shift & 15];
}

static void reset(void) {
  AIRCR = 0x05FA0004;
  for (;;) __asm__ volatile("wfi");
}

void fault(void) { reset(); }

void Reset_Handler(void) {
  CR1 = 1 << 0 | 1 << 2 | 1 << 3;  // UE, RE, TE
  print_number("reasons ", RCC_CSR >> 24);
  print_number(" backup ", BACKUP);
  print_number(" kept ", KEPT);
  print("\r\n");
  BACKUP = BACKUP + 1;
  RCC_CSR = 1 << 24;  // forget the reasons
  switch (KEPT++) {
    case 0: reset();
    case 1: REG(IWDG + 0x00) = 0x5555, REG(IWDG + 0x08) = 31, REG(IWDG) = 0xCCCC;
      for (;;) __asm__ volatile("wfi");
    case 2: (void)REG(0xF8000000);  // whose handler resets it
    case 3:
      while (!(ISR & 1 << 5)) {
      }
  }
  reset();
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20050000, Reset_Handler,
                                                                                fault, fault};
