// Calls what firmware of an ESP32-C3 calls of its ROM, and prints what comes of it.

#include "esp32c3.h"

#define CALL(address, result, ...) ROM(address, result(*)(__VA_ARGS__))

static uint32_t word(const void *bytes) { return *(const uint32_t *)bytes; }

static void strings(void) {
  char text[32];
  CALL(0x40000364, char *, char *, const char *)(text, "Hello ROM");
  print("strings %d %d %s %d\n", CALL(0x40000374, int, const char *)(text),
        CALL(0x4000036c, int, const char *, const char *)(text, "Hello"),
        CALL(0x40000378, char *, const char *, const char *)(text, "ROM"),
        CALL(0x40000454, int, const char *, char **, int)(" -0x1fz", 0, 0));
  CALL(0x4000035c, void *, void *, const void *, uint32_t)(text + 2, text, 10);
  print("moved %s %d\n", text, CALL(0x40000360, int, const void *, const void *, uint32_t)("abc", "abd", 3));
}

static void numbers(void) {
  uint64_t big = 0x123456789abcdefull;
  print("divided %llu %llu\n", CALL(0x400008ac, uint64_t, uint64_t, uint64_t)(big, 1000003),
        CALL(0x400008bc, uint64_t, uint64_t, uint64_t)(big, 0x100000001ull));
  print("signed %lld %lld\n", CALL(0x400007b4, int64_t, int64_t, int64_t)(-(int64_t)big, 7),
        CALL(0x4000083c, int64_t, int64_t, int64_t)(-(int64_t)big, 7));
  print("shifted %llx %llx bits %d %d %d\n", CALL(0x4000077c, uint64_t, uint64_t, int)(big, 36),
        CALL(0x40000830, uint64_t, uint64_t, int)(big, 36), CALL(0x4000079c, int, uint32_t)(0x00010000),
        CALL(0x400007a8, int, uint32_t)(0x00010000), CALL(0x40000888, int, uint32_t)(0xf0f0));
}

static void digests(void) {
  uint8_t context[256] __attribute__((aligned(4))), digest[32] __attribute__((aligned(4)));
  print("crc %08x\n", CALL(0x40000628, uint32_t, uint32_t, const char *, uint32_t)(0, "123456789", 9));
  CALL(0x40000614, void, void *)(context);
  for (int i = 0; i < 10; i++) CALL(0x40000618, void, void *, const char *, uint32_t)(context, "123456789", 9);
  CALL(0x4000061c, void, void *, void *)(digest, context);
  print("md5 %08x %08x\n", word(digest), word(digest + 12));
  CALL(0x40000650, int, void *, int)(context, 2);
  for (int i = 0; i < 10; i++) CALL(0x4000065c, void, void *, const char *, uint32_t, bool)(context, "123456789", 9, true);
  CALL(0x40000660, int, void *, void *)(context, digest);
  print("sha256 %08x %08x\n", word(digest), word(digest + 28));
}

__attribute__((noreturn)) void start(void) {
  print("reset %d\n", CALL(0x40000018, int, int)(0));
  strings();
  numbers();
  digests();
  print("%5d|%-5d|%05d|%x|%X|%c|%8s|%-8s|%p|%%|%+d\n", 42, 42, -42, 0xbeef, 0xbeef, 'c', "right", "left", (void *)0x10, 7);
  print("end\n");
  for (;;) __asm__ volatile("wfi");
}
