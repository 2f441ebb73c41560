/* A flight recorder: the last seconds of a sensor's samples, and what a model made of them, sent over a serial port
 * when something went wrong. `lab record` makes a trace of what was sent, and `lab replay` plays it.
 *
 * This file and flight_recorder.c are all of it: C99 without a library, for any core and any firmware. It allocates
 * nothing, prints nothing by itself, and never waits. docs/recording-on-device.md shows how it is built in; the lines
 * that it sends are in docs/device-protocol.md.
 *
 * `fr_frames` and `fr_lost` may be called in an interrupt; all others from what that interrupts, or, when the firmware
 * is at its end, from a fault handler. SPDX-License-Identifier: Apache-2.0 */
#ifndef FLIGHT_RECORDER_H
#define FLIGHT_RECORDER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The byte that asks for a dump, if the firmware listens for it: Ctrl-R in a terminal. */
#define FR_TRIGGER 0x12

#define FR_MOST_CHANNELS 32
#define FR_MOST_SCORES 32
#define FR_PAYLOAD_BYTES 192
#define FR_LINE_BYTES (4 + 5 + 7 + FR_PAYLOAD_BYTES / 3 * 4 + 1 + 8 + 2)
#define FR_GAPS 16

/* What is recorded. Texts are ASCII; of those that are long only the beginning is sent. */
typedef struct {
  const char *sensor;       /* "microphone" */
  const char *axes;         /* a name for each channel, with commas: "x,y,z"; "sound" for sound */
  const char *unit;         /* "g"; "" for sound */
  const char *firmware;     /* which one, and on what */
  uint32_t rate_millihertz; /* frames in 1,000 seconds */
  uint32_t steps_per_unit;  /* so many steps of a sample are one unit; 32,768 for sound */
  uint32_t align_frames;    /* a dump begins at a multiple of so many frames since start; 1 for any */
  uint8_t channels;         /* samples in a frame, at most FR_MOST_CHANNELS */
  uint8_t scores;           /* of an inference, at most FR_MOST_SCORES; 0 if there are none */
  uint8_t labels;           /* how many names there are in `label_names` */
  const char *const *label_names;
} fr_source;

/* Takes `size` characters, which the recorder overwrites afterwards. They are in RAM. */
typedef void (*fr_write)(void *context, const char *text, size_t size);

/* Of an inference, as it is kept: use FR_INFERENCE_WORDS to reserve room. */
#define FR_INFERENCE_WORDS(scores) (4 + (scores))

/* All state. Give it static storage; its members are for flight_recorder.c alone. */
typedef struct {
  const fr_source *source;
  int16_t *frames;
  uint32_t capacity;
  int32_t *inferences;
  uint32_t inference_capacity;
  fr_write write;
  void *context;
  volatile uint64_t stored; /* frames that were ever stored: the position of the next one */
  volatile uint64_t lost;   /* frames in all gaps so far */
  volatile uint32_t held;   /* of the stored ones, so many are still there */
  volatile uint32_t missed; /* frames that were not stored since the last one that was */
  volatile uint32_t next;   /* where in `frames` the next one goes */
  volatile uint8_t frozen;  /* while a dump is sent */
  uint64_t floor;           /* positions before it have no number any more */
  struct {
    uint64_t position; /* of the first frame behind it */
    uint32_t frames;
  } gaps[FR_GAPS];
  uint32_t gap_count;
  uint32_t inference_count; /* ever */
  uint32_t dumps;
  uint32_t sequence;
  uint32_t payload_size;
  uint8_t payload[FR_PAYLOAD_BYTES];
  char line[FR_LINE_BYTES];
} fr_recorder;

/* Begins to record into `frames`, room for `capacity` frames of source->channels samples each, and `inferences`, room
 * for `inference_capacity` of FR_INFERENCE_WORDS(source->scores) each. All that is pointed to has to stay. Returns 0,
 * and records nothing, if the source is none. */
int fr_start(fr_recorder *recorder, const fr_source *source, int16_t *frames, uint32_t capacity, int32_t *inferences,
             uint32_t inference_capacity, fr_write write, void *context);

/* The next frames of the sensor, `count` of them: source->channels samples each. */
void fr_frames(fr_recorder *recorder, const int16_t *frames, uint32_t count);

/* So many frames of the sensor were lost before the ones that `fr_frames` gets next. */
void fr_lost(fr_recorder *recorder, uint32_t count);

/* How many frames the sensor has delivered, lost ones included: the number of the next frame. Call it where `fr_frames`
 * cannot come in between. */
uint64_t fr_heard(const fr_recorder *recorder);

/* What the model made of the frames before frame `end`: inference `number`, its label by its place in
 * source->label_names, whether that was reported as an event, and source->scores scores. */
void fr_inference(fr_recorder *recorder, uint64_t end, uint32_t number, uint8_t label, int detected,
                  const int32_t *scores);

/* Sends all that is held, with the reason in a few words. Frames that come meanwhile are not recorded, and counted as
 * lost. What is held stays: it may be sent again. Returns 0 if there is nothing to send, or the recorder's own state
 * was overwritten. */
int fr_dump(fr_recorder *recorder, const char *reason);

#ifdef __cplusplus
}
#endif

#endif
