// A firmware that prints without a port: by semihosting, by ITM, and by RTT into memory. For the nRF52840.

#include <stdint.h>

struct channel {
  const char *name;
  char *buffer;
  uint32_t size, write, read, flags;
};
static struct {
  char id[16];
  int32_t ups, downs;
  struct channel up[3], down[1];
} rtt;
static char text[64], more[32], frames[32], typed[8];

static uint32_t host(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm("r0") = operation;
  register const void *r1 __asm("r1") = argument;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void print(struct channel *channel, const char *said) {
  for (; *said; said++) {
    uint32_t next = (channel->write + 1) % channel->size;
    while (next == channel->read) __asm volatile("" ::: "memory");
    channel->buffer[channel->write] = *said;
    *(volatile uint32_t *)&channel->write = next;
  }
}

static char key(struct channel *channel) {
  while (*(volatile uint32_t *)&channel->write == channel->read) {
  }
  char pressed = channel->buffer[channel->read];
  channel->read = (channel->read + 1) % channel->size;
  return pressed;
}

static void begin(void) {
  static const char id[] = "SEGGER RTT";
  rtt.up[0] = (struct channel){"Terminal", text, sizeof text, 0, 0, 2};
  rtt.up[1] = (struct channel){"more", more, sizeof more, 0, 0, 2};
  rtt.up[2] = (struct channel){"defmt", frames, sizeof frames, 0, 0, 2};
  rtt.down[0] = (struct channel){"Terminal", typed, sizeof typed, 0, 0, 0};
  rtt.ups = 3, rtt.downs = 1;
  for (uint32_t i = 0; i < sizeof rtt.id; i++) rtt.id[i] = i < sizeof id ? id[i] : 0;
}

static void trace(const char *said) {
  while (*said) {
    while (!*(volatile uint32_t *)0xE0000000) {
    }
    *(volatile uint8_t *)0xE0000000 = *said++;
  }
  *(volatile uint32_t *)0xE0000004 = 0x0A64726F;
}

void Reset_Handler(void) {
  struct {
    uint32_t handle;
    const void *text;
    uint32_t length;
  } block = {0, ":tt", 3};
  host(0x04, "semihosting speaks\n");
  block.text = ":tt", block.handle = (uint32_t)":tt";
  uint32_t open[] = {(uint32_t)":tt", 4, 3};
  block.handle = host(0x01, open);
  block.text = "through a handle\n", block.length = 17;
  if (host(0x05, &block)) host(0x04, "not all of it\n");
  if (host(0x05, (void *)0xF0F0F0F0) == 0xFFFFFFFF) host(0x04, "a bad pointer fails\n");
  if (*(volatile uint32_t *)0xE0000E80 & *(volatile uint32_t *)0xE0000E00 & 1) trace("SWO speaks\n");
  begin();
  print(&rtt.up[0],
        "RTT speaks, and says more than its ring of 64 bytes has "
        "room for at once\n\xff"
        "1in a terminal\n");
  print(&rtt.up[1], "on another channel\n");
  // A frame of defmt: text 1 with the byte 42, without its zeros, and then the zero at its end.
  print(&rtt.up[2], "\x01\x2A\x7A");
  frames[3] = 0, rtt.up[2].write = 4;
  print(&rtt.up[0], "> ");
  char pressed = key(&rtt.down[0]);
  while (pressed == 'e') host(0x04, "again and again, without end\n");
  char answer[] = {pressed, '\n', 0};
  print(&rtt.up[0], answer);
  host(0x04, "? ");
  char asked[] = {(char)host(0x07, 0), '\n', 0};
  host(0x04, asked);
  print(&rtt.up[0], "the last words");
  uint32_t status[] = {0x20026, pressed == 'q' ? 0 : 3};
  host(0x20, status);
}

void HardFault_Handler(void) {
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20040000, Reset_Handler,
                                                                                 HardFault_Handler, HardFault_Handler};
