// A firmware that talks: it greets, prompts, echoes what is typed, and obeys a few keys. For the STM32F746.

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))
#define USART1 0x40011000
#define CR1 REG(USART1 + 0x00)
#define ISR REG(USART1 + 0x1C)
#define RDR REG(USART1 + 0x24)
#define TDR REG(USART1 + 0x28)
#define CRYP_CR REG(0x50060000)
#define CRYP_SR REG(0x50060004)

static void print(const char *text) {
  while (*text) TDR = *text++;
}

void fault(void) { (void)REG(0xF8000000); }

void Reset_Handler(void) {
  CR1 = 1 << 0 | 1 << 2 | 1 << 3;  // UE, RE, TE
  print("\033[32mhello\033[0m from the board\r\n");
  CRYP_CR = 0x8000;
  if (CRYP_CR == 0x8000 && CRYP_SR == 0) print("went on\r\n");
  for (;;) {
    print("> ");
    while (!(ISR & 1 << 5)) {
    }
    char key = RDR;
    TDR = key;
    print("\r\n");
    if (key == 'f') fault();
  }
}

void HardFault_Handler(void) {
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    (void *)0x20050000, Reset_Handler, HardFault_Handler, HardFault_Handler};
