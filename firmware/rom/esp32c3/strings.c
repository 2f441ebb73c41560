// The C library's functions on bytes and strings: ISO C11, 7.4, 7.22 and 7.24, and those of BSD and POSIX among them.

#include "rom.h"

void *memset(void *to, int value, size_t size) {
  uint8_t *byte = to, *end = byte + size;
  uint32_t word = (uint8_t)value * 0x01010101u;
  while (byte < end && (uint32_t)byte & 3) *byte++ = value;
  for (; end - byte >= 4; byte += 4) *(uint32_t *)byte = word;
  while (byte < end) *byte++ = value;
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  uint8_t *byte = to, *end = byte + size;
  const uint8_t *source = from;
  if (!(((uint32_t)byte | (uint32_t)source) & 3)) {
    for (; end - byte >= 4; byte += 4, source += 4) *(uint32_t *)byte = *(const uint32_t *)source;
  }
  while (byte < end) *byte++ = *source++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  uint8_t *byte = to;
  const uint8_t *source = from;
  if (byte <= source || byte >= source + size) return memcpy(to, from, size);
  while (size--) byte[size] = source[size];
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const uint8_t *left = a, *right = b;
  for (; size; size--, left++, right++) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}

void *memchr(const void *in, int byte, size_t size) {
  for (const uint8_t *at = in; size; size--, at++) {
    if (*at == (uint8_t)byte) return (void *)at;
  }
  return NULL;
}

void *memrchr(const void *in, int byte, size_t size) {
  const uint8_t *bytes = in;
  while (size--) {
    if (bytes[size] == (uint8_t)byte) return (void *)(bytes + size);
  }
  return NULL;
}

void *memccpy(void *to, const void *from, int byte, size_t size) {
  uint8_t *into = to;
  for (const uint8_t *at = from; size; size--) {
    if ((*into++ = *at++) == (uint8_t)byte) return into;
  }
  return NULL;
}

void bzero(void *to, size_t size) { memset(to, 0, size); }

size_t strnlen(const char *text, size_t most) {
  size_t size = 0;
  while (size < most && text[size]) size++;
  return size;
}

size_t strlen(const char *text) { return strnlen(text, SIZE_MAX); }

char *strncpy(char *to, const char *from, size_t size) {
  size_t used = strnlen(from, size);
  memcpy(to, from, used);
  memset(to + used, 0, size - used);
  return to;
}

char *strcpy(char *to, const char *from) { return memcpy(to, from, strlen(from) + 1); }

char *strcat(char *to, const char *from) {
  strcpy(to + strlen(to), from);
  return to;
}

char *strncat(char *to, const char *from, size_t size) {
  char *end = to + strlen(to);
  size_t used = strnlen(from, size);
  memcpy(end, from, used);
  end[used] = 0;
  return to;
}

size_t strlcpy(char *to, const char *from, size_t size) {
  size_t whole = strlen(from), used = whole < size ? whole : size - 1;
  if (!size) return whole;
  memcpy(to, from, used);
  to[used] = 0;
  return whole;
}

size_t strlcat(char *to, const char *from, size_t size) {
  size_t used = strnlen(to, size);
  return used + (used < size ? strlcpy(to + used, from, size - used) : strlen(from));
}

int isascii(int c) { return (unsigned)c < 128; }
int toascii(int c) { return c & 127; }
int isdigit(int c) { return c >= '0' && c <= '9'; }
int islower(int c) { return c >= 'a' && c <= 'z'; }
int isupper(int c) { return c >= 'A' && c <= 'Z'; }
int isalpha(int c) { return islower(c) || isupper(c); }
int isalnum(int c) { return isalpha(c) || isdigit(c); }
int isblank(int c) { return c == ' ' || c == '\t'; }
int isspace(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
int isprint(int c) { return c >= ' ' && c < 127; }
int isgraph(int c) { return c > ' ' && c < 127; }
int iscntrl(int c) { return (unsigned)c < ' ' || c == 127; }
int ispunct(int c) { return isgraph(c) && !isalnum(c); }
int toupper(int c) { return islower(c) ? c - 32 : c; }
int tolower(int c) { return isupper(c) ? c + 32 : c; }

int strncmp(const char *a, const char *b, size_t size) {
  for (; size; size--, a++, b++) {
    if (*a != *b) return (uint8_t)*a - (uint8_t)*b;
    if (!*a) return 0;
  }
  return 0;
}

int strcmp(const char *a, const char *b) { return strncmp(a, b, SIZE_MAX); }
int strcoll(const char *a, const char *b) { return strcmp(a, b); }

int strncasecmp(const char *a, const char *b, size_t size) {
  for (; size; size--, a++, b++) {
    int left = tolower((uint8_t)*a), right = tolower((uint8_t)*b);
    if (left != right) return left - right;
    if (!left) return 0;
  }
  return 0;
}

int strcasecmp(const char *a, const char *b) { return strncasecmp(a, b, SIZE_MAX); }

char *strchr(const char *in, int c) {
  for (;; in++) {
    if (*in == (char)c) return (char *)in;
    if (!*in) return NULL;
  }
}

char *strrchr(const char *in, int c) { return memrchr(in, c, strlen(in) + 1); }

size_t strcspn(const char *text, const char *none) {
  size_t size = 0;
  while (text[size] && !strchr(none, text[size])) size++;
  return size;
}

size_t strspn(const char *text, const char *all) {
  size_t size = 0;
  while (text[size] && strchr(all, text[size])) size++;
  return size;
}

char *strstr(const char *in, const char *text) {
  size_t size = strlen(text);
  for (; strncmp(in, text, size); in++) {
    if (!*in) return NULL;
  }
  return (char *)in;
}

char *strcasestr(const char *in, const char *text) {
  size_t size = strlen(text);
  for (; strncasecmp(in, text, size); in++) {
    if (!*in) return NULL;
  }
  return (char *)in;
}

char *strsep(char **text, const char *separators) {
  char *token = *text;
  if (!token) return NULL;
  char *end = token + strcspn(token, separators);
  *text = *end ? end + 1 : NULL;
  *end = 0;
  return token;
}

char *strtok_r(char *text, const char *separators, char **rest) {
  char *token = text ? text : *rest;
  if (!token) return NULL;
  token += strspn(token, separators);
  *rest = token;
  return *token ? strsep(rest, separators) : NULL;
}

char *strlwr(char *text) {
  for (char *at = text; *at; at++) *at = tolower((uint8_t)*at);
  return text;
}

char *strupr(char *text) {
  for (char *at = text; *at; at++) *at = toupper((uint8_t)*at);
  return text;
}

// The value of a digit in any base, or 36 for what is none.
static unsigned digit(char c) {
  if (isdigit((uint8_t)c)) return c - '0';
  return isalpha((uint8_t)c) ? (unsigned)tolower((uint8_t)c) - 'a' + 10 : 36;
}

// Without a sign, and no more than the largest number; `beyond` tells of a larger one.
static uint32_t number(const char **text, int base, bool *beyond) {
  uint32_t value = 0;
  if ((base == 0 || base == 16) && (*text)[0] == '0' && tolower((uint8_t)(*text)[1]) == 'x' && digit((*text)[2]) < 16) {
    *text += 2;
    base = 16;
  } else if (base == 0) {
    base = (*text)[0] == '0' ? 8 : 10;
  }
  for (; digit(**text) < (unsigned)base; ++*text) {
    uint64_t next = (uint64_t)value * base + digit(**text);
    *beyond |= next >> 32 != 0;
    value = next;
  }
  return value;
}

static uint32_t parse(const char *text, char **end, int base, bool is_signed) {
  bool beyond = false, negative = false;
  const char *at = text;
  while (isspace((uint8_t)*at)) at++;
  if (*at == '-' || *at == '+') negative = *at++ == '-';
  const char *first = at;
  uint32_t value = number(&at, base, &beyond);
  if (end) *end = (char *)(at == first ? text : at);
  if (!is_signed) return beyond ? UINT32_MAX : negative ? -value : value;
  uint32_t most = negative ? 0x80000000 : 0x7FFFFFFF;
  if (beyond || value > most) value = most;
  return negative ? -value : value;
}

long strtol(const char *text, char **end, int base) { return parse(text, end, base, true); }
unsigned long strtoul(const char *text, char **end, int base) { return parse(text, end, base, false); }
int atoi(const char *text) { return parse(text, NULL, 10, true); }
long atol(const char *text) { return atoi(text); }

char *utoa(unsigned value, char *text, int base) {
  char digits[33];
  int used = 0;
  if (base < 2 || base > 36) {
    *text = 0;
    return NULL;
  }
  do {
    unsigned last = value % base;
    digits[used++] = last < 10 ? '0' + last : 'a' + last - 10;
  } while (value /= base);
  char *at = text;
  while (used) *at++ = digits[--used];
  *at = 0;
  return text;
}

char *itoa(int value, char *text, int base) {
  if (base != 10 || value >= 0) return utoa(value, text, base);
  *text = '-';
  utoa(-(unsigned)value, text + 1, base);
  return text;
}

int abs(int value) { return value < 0 ? -value : value; }
long labs(long value) { return abs(value); }

struct quotient {
  int quotient, rest;
};

struct quotient div(int a, int b) { return (struct quotient){a / b, a % b}; }
struct quotient ldiv(int a, int b) { return div(a, b); }

static void swap(uint8_t *a, uint8_t *b, size_t size) {
  for (; size; size--, a++, b++) {
    uint8_t kept = *a;
    *a = *b;
    *b = kept;
  }
}

// A heap in place: as fast as it gets in the worst case, and no more stack than this.
static void sift(uint8_t *items, size_t at, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && compare(items + child * size, items + (child + 1) * size) < 0) child++;
    if (compare(items + at * size, items + child * size) >= 0) return;
    swap(items + at * size, items + child * size, size);
  }
}

void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  for (size_t at = count / 2; at--;) sift(items, at, count, size, compare);
  while (count > 1) {
    swap(items, (uint8_t *)items + --count * size, size);
    sift(items, 0, count, size, compare);
  }
}

static unsigned seed = 1;

int rand_r(unsigned *state) {
  *state = *state * 1103515245 + 12345;
  return *state >> 1;
}

int rand(void) { return rand_r(&seed); }
void srand(unsigned value) { seed = value; }
