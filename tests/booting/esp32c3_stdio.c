// Buffered output as newlib does it with the ROM's part of it: a file of its own, whose writes are printed.

#include "esp32c3.h"

#include <stddef.h>

enum { LINE = 1, BOTH = 0x10, FSTAT = 14, MALLOC = 1, REENT = 0, INITIALISE = 37, CHARACTER_DEVICE = 0x2000 };

static uint32_t reent[60], file[26];
static void *calls[39];
static char memory[128];
static bool terminal;

static void *get_reent(void) { return reent; }
static void *allocate(void *r, size_t size) { return (void)r, size == sizeof memory ? memory : NULL; }
static void initialise(uint32_t *r) { r[6] = 1; }

static int status(void *r, int number, uint32_t *found) {
  (void)r, (void)number;
  found[1] = terminal ? CHARACTER_DEVICE : 0;
  return 0;
}

static int written(void *r, void *cookie, const char *from, int size) {
  (void)r, (void)cookie;
  print("[");
  for (int i = 0; i < size; i++) print("%c", from[i]);
  print("]");
  return size > 3 ? 3 : size;  // the rest has to be asked for again
}

static void put(const char *text) {
  for (; *text; text++) {
    int32_t room = --file[2];  // as putc does
    if (room >= 0 || (room >= (int32_t)file[6] && *text != '\n')) {
      *(*(char **)&file[0])++ = *text;
    } else {
      ROM(0x40000474, int (*)(void *, int, void *))(reent, *text, file);
    }
  }
}

__attribute__((noreturn)) void start(void) {
  calls[REENT] = get_reent, calls[MALLOC] = allocate, calls[FSTAT] = status, calls[INITIALISE] = initialise;
  REGISTER(0x3fcdffe0) = (uint32_t)calls;
  for (terminal = 0;; terminal = 1) {
    for (int i = 0; i < 26; i++) file[i] = 0;
    file[3] = BOTH | 1 << 16;  // flags, and the number 1
    file[10] = (uint32_t)written;
    put("ab\ncd");
    print("|");
    ROM(0x4000045c, int (*)(void *))(file);
    print("|%d\n", (int)file[4] == (int)memory);
    if (terminal) break;
  }
  uint32_t buffer[16];
  volatile int times = 0;
  int came = ROM(0x40000420, int (*)(uint32_t *))(buffer);
  times++;
  if (came < 3) ROM(0x4000041c, void (*)(uint32_t *, int))(buffer, came + 1);
  print("came back %d %d\nend\n", came, times);
  for (;;) __asm__ volatile("wfi");
}
