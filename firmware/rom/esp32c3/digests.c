// Check sums and digests. ESP-IDF: rom/crc.h, rom/md5_hash.h, rom/sha.h; MD5: RFC 1321; SHA: FIPS 180-4. Tables of
// constants are computed or spelled out as those documents have them.

#include "rom.h"

uint32_t crc32_le(uint32_t crc, const uint8_t *data, uint32_t size) {
  for (crc = ~crc; size; size--) {
    crc ^= *data++;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

uint32_t crc32_be(uint32_t crc, const uint8_t *data, uint32_t size) {
  for (crc = ~crc; size; size--) {
    crc ^= (uint32_t)*data++ << 24;
    for (int bit = 0; bit < 8; bit++) crc = crc << 1 ^ (crc >> 31 ? 0x04C11DB7 : 0);
  }
  return ~crc;
}

uint16_t crc16_le(uint16_t crc, const uint8_t *data, uint32_t size) {
  for (crc = ~crc; size; size--) {
    crc ^= *data++;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x8408 : 0);
  }
  return ~crc;
}

uint16_t crc16_be(uint16_t crc, const uint8_t *data, uint32_t size) {
  for (crc = ~crc; size; size--) {
    crc ^= *data++ << 8;
    for (int bit = 0; bit < 8; bit++) crc = crc << 1 ^ (crc >> 15 ? 0x1021 : 0);
  }
  return ~crc;
}

uint8_t crc8_le(uint8_t crc, const uint8_t *data, uint32_t size) {
  for (crc = ~crc; size; size--) {
    crc ^= *data++;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xE0 : 0);
  }
  return ~crc;
}

uint8_t crc8_be(uint8_t crc, const uint8_t *data, uint32_t size) {
  for (crc = ~crc; size; size--) {
    crc ^= *data++;
    for (int bit = 0; bit < 8; bit++) crc = crc << 1 ^ (crc >> 7 ? 0x07 : 0);
  }
  return ~crc;
}

uint8_t esp_crc8(const uint8_t *data, uint32_t size) {
  uint8_t crc = 0;
  for (; size; size--) {
    crc ^= *data++;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x8C : 0);
  }
  return crc;
}

struct md5 {
  uint32_t state[4], bits[2];
  uint8_t block[64];
};

// floor(2^32 * abs(sin(i + 1)))
static const uint32_t SINES[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
static const uint8_t TURNS[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static uint32_t turn_left(uint32_t value, int by) { return value << by | value >> (32 - by); }
static uint32_t turn_right(uint32_t value, int by) { return value >> by | value << (32 - by); }

static void md5_block(struct md5 *md5, const uint8_t *block) {
  uint32_t words[16], a = md5->state[0], b = md5->state[1], c = md5->state[2], d = md5->state[3];
  memcpy(words, block, sizeof words);
  for (int i = 0; i < 64; i++) {
    uint32_t mixed, word;
    switch (i / 16) {
      case 0:
        mixed = (b & c) | (~b & d), word = i;
        break;
      case 1:
        mixed = (d & b) | (~d & c), word = 5 * i + 1;
        break;
      case 2:
        mixed = b ^ c ^ d, word = 3 * i + 5;
        break;
      default:
        mixed = c ^ (b | ~d), word = 7 * i;
    }
    uint32_t sum = a + mixed + words[word & 15] + SINES[i];
    a = d, d = c, c = b;
    b += turn_left(sum, TURNS[i / 16][i & 3]);
  }
  md5->state[0] += a, md5->state[1] += b, md5->state[2] += c, md5->state[3] += d;
}

void MD5Init(struct md5 *md5) { *md5 = (struct md5){.state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476}}; }

void MD5Update(struct md5 *md5, const uint8_t *data, uint32_t size) {
  uint32_t used = md5->bits[0] / 8 % 64;
  uint64_t bits = ((uint64_t)md5->bits[1] << 32 | md5->bits[0]) + 8ull * size;
  md5->bits[0] = bits, md5->bits[1] = bits >> 32;
  for (uint32_t part; size; size -= part, data += part, used = 0) {
    part = 64 - used < size ? 64 - used : size;
    memcpy(md5->block + used, data, part);
    if (used + part == 64) md5_block(md5, md5->block);
  }
}

void MD5Final(uint8_t *digest, struct md5 *md5) {
  uint32_t bits[2] = {md5->bits[0], md5->bits[1]};
  static const uint8_t END[64] = {0x80};
  MD5Update(md5, END, 1 + (119 - md5->bits[0] / 8 % 64) % 64);
  MD5Update(md5, (const uint8_t *)bits, sizeof bits);
  memcpy(digest, md5->state, sizeof md5->state);
}

struct sha {
  bool started, in_hardware;
  int type;
  uint32_t state[16];
  uint8_t block[128];
  uint32_t bits[4];
};

enum { SHA1, SHA224, SHA256 };

// The fractions of the cube roots of the first 64 primes.
static const uint32_t ROOTS[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
static const uint32_t BEGINS[3][8] = {
    {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0},
    {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4},
    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

static uint32_t big_endian(const uint8_t *at) { return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3]; }

static void sha1_block(uint32_t *state, const uint8_t *block) {
  uint32_t w[80], s[5];
  for (int i = 0; i < 80; i++)
    w[i] = i < 16 ? big_endian(block + 4 * i) : turn_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 80; i++) {
    uint32_t choice = (s[1] & s[2]) | (~s[1] & s[3]), parity = s[1] ^ s[2] ^ s[3];
    uint32_t majority = (s[1] & s[2]) | (s[1] & s[3]) | (s[2] & s[3]);
    uint32_t mixed = i < 20   ? choice + 0x5A827999
                     : i < 40 ? parity + 0x6ED9EBA1
                     : i < 60 ? majority + 0x8F1BBCDC
                              : parity + 0xCA62C1D6;
    uint32_t sum = turn_left(s[0], 5) + mixed + s[4] + w[i];
    s[4] = s[3], s[3] = s[2], s[2] = turn_left(s[1], 30), s[1] = s[0], s[0] = sum;
  }
  for (int i = 0; i < 5; i++) state[i] += s[i];
}

static uint32_t small(uint32_t x, int a, int b, int shift) { return turn_right(x, a) ^ turn_right(x, b) ^ x >> shift; }
static uint32_t big(uint32_t x, int a, int b, int c) { return turn_right(x, a) ^ turn_right(x, b) ^ turn_right(x, c); }

static void sha2_block(uint32_t *state, const uint8_t *block) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 64; i++)
    w[i] = i < 16 ? big_endian(block + 4 * i)
                  : small(w[i - 2], 17, 19, 10) + w[i - 7] + small(w[i - 15], 7, 18, 3) + w[i - 16];
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]), majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    uint32_t one = s[7] + big(s[4], 6, 11, 25) + choice + ROOTS[i] + w[i], two = big(s[0], 2, 13, 22) + majority;
    for (int j = 7; j; j--) s[j] = s[j - 1];
    s[4] += one;
    s[0] = one + two;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

void ets_sha_enable(void) {}
void ets_sha_disable(void) {}
void ets_sha_get_state(struct sha *sha) { (void)sha; }

void ets_sha_process(struct sha *sha, const uint8_t *block) {
  (sha->type == SHA1 ? sha1_block : sha2_block)(sha->state, block);
}

int ets_sha_init(struct sha *sha, int type) {
  memset(sha, 0, sizeof *sha);
  sha->type = type;
  memcpy(sha->state, BEGINS[type], sizeof BEGINS[type]);
  return 0;
}

int ets_sha_starts(struct sha *sha, uint16_t t) { return (void)sha, (void)t, 0; }

void ets_sha_update(struct sha *sha, const uint8_t *data, uint32_t size, bool update) {
  (void)update;
  uint32_t used = sha->bits[0] / 8 % 64;
  uint64_t bits = ((uint64_t)sha->bits[1] << 32 | sha->bits[0]) + 8ull * size;
  sha->bits[0] = bits, sha->bits[1] = bits >> 32;
  for (uint32_t part; size; size -= part, data += part, used = 0) {
    part = 64 - used < size ? 64 - used : size;
    memcpy(sha->block + used, data, part);
    if (used + part == 64) ets_sha_process(sha, sha->block);
  }
}

int ets_sha_finish(struct sha *sha, uint8_t *digest) {
  static const uint8_t END[64] = {0x80};
  uint8_t bits[8];
  for (int i = 0; i < 8; i++) bits[i] = sha->bits[i < 4] >> 8 * (3 - i % 4);
  ets_sha_update(sha, END, 1 + (119 - sha->bits[0] / 8 % 64) % 64, true);
  ets_sha_update(sha, bits, sizeof bits, true);
  int words = sha->type == SHA1 ? 5 : sha->type == SHA224 ? 7 : 8;
  for (int i = 0; i < 4 * words; i++) digest[i] = sha->state[i / 4] >> 8 * (3 - i % 4);
  return 0;
}

int ets_sha_clone(struct sha *to, const struct sha *from) {
  *to = *from;
  return 0;
}
