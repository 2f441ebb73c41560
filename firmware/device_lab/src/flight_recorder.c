/* SPDX-License-Identifier: Apache-2.0 */
#include "flight_recorder.h"

#define FR_VERSION 1
#define FR_TEXT_BYTES 30   /* of each of the header's texts, its end included */
#define FR_LABEL_BYTES 100 /* of a label's name */

/* Recording */

static uint32_t channels_of(const fr_recorder *r) { return r->source->channels; }

int fr_start(fr_recorder *r, const fr_source *source, int16_t *frames, uint32_t capacity, int32_t *inferences,
             uint32_t inference_capacity, fr_write write, void *context) {
  uint8_t *byte = (uint8_t *)r;
  for (size_t i = 0; i < sizeof(*r); ++i) {
    byte[i] = 0;
  }
  if (source->channels < 1 || source->channels > FR_MOST_CHANNELS || source->scores > FR_MOST_SCORES ||
      source->rate_millihertz == 0 || source->steps_per_unit == 0 || capacity == 0) {
    return 0;
  }
  r->frames = frames;
  r->capacity = capacity;
  r->inferences = inferences;
  r->inference_capacity = inference_capacity;
  r->write = write;
  r->context = context;
  r->source = source;
  return 1;
}

/* A full list forgets its oldest gap, and with it how the frames before that are numbered. */
static void add_gap(fr_recorder *r, uint32_t frames) {
  if (r->gap_count == FR_GAPS) {
    r->floor = r->gaps[0].position;
    for (uint32_t i = 1; i < FR_GAPS; ++i) {
      r->gaps[i - 1] = r->gaps[i];
    }
    --r->gap_count;
  }
  r->gaps[r->gap_count].position = r->stored;
  r->gaps[r->gap_count].frames = frames;
  ++r->gap_count;
  r->lost += frames;
}

void fr_frames(fr_recorder *r, const int16_t *frames, uint32_t count) {
  if (r->source == NULL || count == 0) {
    return;
  }
  if (r->frozen) {
    r->missed += count;
    return;
  }
  if (r->missed != 0) {
    add_gap(r, r->missed);
    r->missed = 0;
  }
  const uint32_t channels = channels_of(r);
  if (count > r->capacity) { /* only the last ones have room */
    frames += (size_t)(count - r->capacity) * channels;
    r->stored += count - r->capacity;
    count = r->capacity;
    r->held = 0;
  }
  /* What is overwritten is given up first: a dump that comes in between, from a fault, sends whole frames. */
  if (r->held > r->capacity - count) {
    r->held = r->capacity - count;
  }
  uint32_t at = r->next;
  for (uint32_t frame = 0; frame < count; ++frame) {
    for (uint32_t channel = 0; channel < channels; ++channel) {
      r->frames[(size_t)at * channels + channel] = *frames++;
    }
    at = at + 1 == r->capacity ? 0 : at + 1;
  }
  r->next = at;
  r->stored += count;
  r->held += count;
}

void fr_lost(fr_recorder *r, uint32_t count) { r->missed += count; }

uint64_t fr_heard(const fr_recorder *r) { return r->stored + r->lost + r->missed; }

void fr_inference(fr_recorder *r, uint64_t end, uint32_t number, uint8_t label, int detected, const int32_t *scores) {
  if (r->source == NULL || r->inference_capacity == 0) {
    return;
  }
  const uint32_t words = FR_INFERENCE_WORDS(r->source->scores);
  int32_t *kept = r->inferences + (size_t)(r->inference_count % r->inference_capacity) * words;
  kept[0] = (int32_t)(uint32_t)end;
  kept[1] = (int32_t)(uint32_t)(end >> 32);
  kept[2] = (int32_t)number;
  kept[3] = label | (detected ? 1 << 8 : 0);
  for (uint32_t i = 0; i < r->source->scores; ++i) {
    kept[4 + i] = scores[i];
  }
  ++r->inference_count;
}

/* Lines */

static void put_byte(fr_recorder *r, uint8_t value) {
  if (r->payload_size < FR_PAYLOAD_BYTES) {
    r->payload[r->payload_size++] = value;
  }
}

static void put_16(fr_recorder *r, uint16_t value) {
  put_byte(r, (uint8_t)value);
  put_byte(r, (uint8_t)(value >> 8));
}

static void put_32(fr_recorder *r, uint32_t value) {
  put_16(r, (uint16_t)value);
  put_16(r, (uint16_t)(value >> 16));
}

static void put_text(fr_recorder *r, const char *text, uint32_t most) {
  for (uint32_t i = 0; text != NULL && text[i] != '\0' && i + 1 < most; ++i) {
    put_byte(r, (uint8_t)text[i]);
  }
  put_byte(r, 0);
}

static char *put_hex(char *to, uint32_t value, int digits) {
  while (digits-- > 0) {
    *to++ = "0123456789abcdef"[value >> (4 * digits) & 0xF];
  }
  return to;
}

static char *put_base64(char *to, const uint8_t *bytes, uint32_t size) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (uint32_t i = 0; i < size; i += 3) {
    const uint32_t left = size - i;
    const uint32_t three =
        (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    *to++ = letters[three >> 18];
    *to++ = letters[three >> 12 & 63];
    *to++ = left > 1 ? letters[three >> 6 & 63] : '=';
    *to++ = left > 2 ? letters[three & 63] : '=';
  }
  return to;
}

/* CRC-32 of IEEE 802.3, as zlib's; without a table, for a dump is rare and flash is not. */
static uint32_t crc_of(const char *text, size_t size) {
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < size; ++i) {
    crc ^= (uint8_t)text[i];
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0);
    }
  }
  return ~crc;
}

static void begin(fr_recorder *r, char kind) {
  r->payload_size = 0;
  put_byte(r, (uint8_t)kind);
}

/* "#FR:dump:sequence:payload:crc", the checksum over all before the last colon but for the "#". */
static void send(fr_recorder *r) {
  char *to = r->line;
  *to++ = '#';
  *to++ = 'F';
  *to++ = 'R';
  *to++ = ':';
  to = put_hex(to, r->dumps, 4);
  *to++ = ':';
  to = put_hex(to, r->sequence++, 6);
  *to++ = ':';
  to = put_base64(to, r->payload, r->payload_size);
  const uint32_t crc = crc_of(r->line + 1, (size_t)(to - r->line) - 1);
  *to++ = ':';
  to = put_hex(to, crc, 8);
  *to++ = '\r';
  *to++ = '\n';
  r->write(r->context, r->line, (size_t)(to - r->line));
}

/* Dumping */

static uint64_t number_of(const fr_recorder *r, uint64_t position) {
  uint64_t number = position + r->lost;
  for (uint32_t i = 0; i < r->gap_count; ++i) {
    number -= r->gaps[i].position > position ? r->gaps[i].frames : 0;
  }
  return number;
}

/* Of the frames from `position` on, those that follow each other without a gap. */
static uint64_t without_gap(const fr_recorder *r, uint64_t position) {
  uint64_t end = r->stored;
  for (uint32_t i = 0; i < r->gap_count; ++i) {
    if (r->gaps[i].position > position && r->gaps[i].position < end) {
      end = r->gaps[i].position;
    }
  }
  return end - position;
}

/* The first position at a multiple of align_frames; the oldest one if no frame is. */
static uint64_t aligned(const fr_recorder *r, uint64_t oldest) {
  const uint32_t align = r->source->align_frames;
  uint64_t position = oldest;
  while (align > 1 && position < r->stored) {
    const uint32_t beyond = (uint32_t)(number_of(r, position) % align);
    const uint64_t piece = without_gap(r, position);
    if (beyond == 0) {
      return position;
    }
    position += align - beyond < piece ? align - beyond : piece;
  }
  return align > 1 ? oldest : position;
}

/* What was overwritten by a firmware that went astray must not lead this one astray too. */
static int is_sane(const fr_recorder *r) {
  if (r->source == NULL || r->write == NULL || r->capacity == 0 || r->held == 0 || r->held > r->capacity ||
      r->held > r->stored || r->next >= r->capacity || r->gap_count > FR_GAPS || r->floor > r->stored ||
      r->source->channels < 1 || r->source->channels > FR_MOST_CHANNELS || r->source->scores > FR_MOST_SCORES) {
    return 0;
  }
  for (uint32_t i = 0; i < r->gap_count; ++i) {
    if (r->gaps[i].position > r->stored || (i > 0 && r->gaps[i].position < r->gaps[i - 1].position)) {
      return 0;
    }
  }
  return 1;
}

static const int16_t *frame_at(const fr_recorder *r, uint64_t position) {
  const uint32_t back = (uint32_t)(r->stored - position);
  const uint32_t at = r->next >= back ? r->next - back : r->next + r->capacity - back;
  return r->frames + (size_t)at * channels_of(r);
}

static const int32_t *kept_inference(const fr_recorder *r, uint32_t number) {
  return r->inferences + (size_t)(number % r->inference_capacity) * FR_INFERENCE_WORDS(r->source->scores);
}

static uint64_t end_of(const int32_t *kept) { return (uint32_t)kept[0] | (uint64_t)(uint32_t)kept[1] << 32; }

static void send_header(fr_recorder *r, char kind, uint64_t first, const char *reason) {
  const fr_source *source = r->source;
  begin(r, kind);
  put_byte(r, FR_VERSION);
  put_byte(r, source->channels);
  put_byte(r, source->scores);
  put_byte(r, source->labels);
  put_32(r, source->rate_millihertz);
  put_32(r, source->steps_per_unit);
  put_32(r, (uint32_t)number_of(r, first));
  put_32(r, (uint32_t)(number_of(r, first) >> 32));
  put_32(r, (uint32_t)(number_of(r, r->stored - 1) + 1 - number_of(r, first)));
  put_32(r, (uint32_t)(r->stored - first));
  put_text(r, source->sensor, FR_TEXT_BYTES);
  put_text(r, source->axes, FR_TEXT_BYTES);
  put_text(r, source->unit, FR_TEXT_BYTES);
  put_text(r, source->firmware, FR_TEXT_BYTES);
  put_text(r, reason, FR_TEXT_BYTES);
  send(r);
}

static void send_labels(fr_recorder *r) {
  for (uint32_t i = 0; i < r->source->labels; ++i) {
    begin(r, 'L');
    put_byte(r, (uint8_t)i);
    put_text(r, r->source->label_names[i], FR_LABEL_BYTES);
    send(r);
  }
}

static void send_inferences(fr_recorder *r, uint64_t first) {
  const uint64_t begins = number_of(r, first);
  const uint32_t count = r->inference_count < r->inference_capacity ? r->inference_count : r->inference_capacity;
  for (uint32_t number = r->inference_count - count; number != r->inference_count; ++number) {
    const int32_t *kept = kept_inference(r, number);
    if (end_of(kept) < begins) {
      continue;
    }
    begin(r, 'I');
    put_32(r, (uint32_t)(end_of(kept) - begins));
    put_32(r, (uint32_t)kept[2]);
    put_byte(r, (uint8_t)kept[3]);
    put_byte(r, (uint8_t)(kept[3] >> 8 & 1));
    for (uint32_t i = 0; i < r->source->scores; ++i) {
      put_32(r, (uint32_t)kept[4 + i]);
    }
    send(r);
  }
}

static void send_samples(fr_recorder *r, uint64_t first) {
  const uint32_t channels = channels_of(r);
  const uint32_t most = (FR_PAYLOAD_BYTES - 5) / (2 * channels);
  for (uint64_t position = first; position < r->stored;) {
    const uint64_t piece = without_gap(r, position);
    const uint32_t count = piece < most ? (uint32_t)piece : most;
    begin(r, 'S');
    put_32(r, (uint32_t)(number_of(r, position) - number_of(r, first)));
    for (uint32_t i = 0; i < count; ++i) {
      const int16_t *frame = frame_at(r, position + i);
      for (uint32_t channel = 0; channel < channels; ++channel) {
        put_16(r, (uint16_t)frame[channel]);
      }
    }
    send(r);
    position += count;
  }
}

int fr_dump(fr_recorder *r, const char *reason) {
  r->frozen = 1;
  const int is_whole = is_sane(r);
  const uint64_t oldest = is_whole && r->stored - r->held < r->floor ? r->floor : r->stored - r->held;
  if (is_whole && oldest < r->stored) {
    const uint64_t first = aligned(r, oldest);
    ++r->dumps;
    r->sequence = 0;
    send_header(r, 'H', first, reason);
    send_labels(r);
    send_inferences(r, first);
    send_samples(r, first);
    send_header(r, 'E', first, reason);
  }
  r->frozen = 0;
  return is_whole && oldest < r->stored;
}
