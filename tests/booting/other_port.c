// A firmware that says what it hears on another port than the board's log, and needs a part of the chip that has no
// model. For the STM32F746; it hears "yes" all the time.

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))
#define USART6 0x40011400
#define CRYP_CR REG(0x50060000)

static void print(const char *text) {
  while (*text) REG(USART6 + 0x28) = *text++;
}

void Reset_Handler(void) {
  REG(USART6) = 1 << 0 | 1 << 3;  // UE, TE
  CRYP_CR = 0x8000;
  if (CRYP_CR != 0x8000) print("stopped\r\n");
#ifdef GREETS
  print("Listening\r\n");
#endif
  for (;;) {
    for (volatile uint32_t left = 20000000; left != 0; left--) {
    }
    print("Heard yes (217)\r\n");
  }
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20050000, Reset_Handler};
