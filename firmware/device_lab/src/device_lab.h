/* What a firmware tells the device lab: when it is ready, what it has decided, and where an inference begins and ends.
 * `lab adopt` finds the lines and the marks, and `lab run` judges them: docs/from-your-build.md.
 *
 * This file and device_lab.c are all of it: C99 without a library, for any core and any firmware. On a real board the
 * lines are a few more in its log. Call none of it in an interrupt. SPDX-License-Identifier: Apache-2.0 */
#ifndef DEVICE_LAB_H
#define DEVICE_LAB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The longest line, with its end; what is longer is cut off. */
#define DEVICE_LAB_LINE_BYTES 256

/* Takes `size` characters of a line. They are overwritten afterwards. */
typedef void (*device_lab_write)(void *context, const char *text, size_t size);

/* The model is ready, and the sensor starts: the lab plays its recordings from here on. Lines go to `write`, which gets
 * `context` too. */
void device_lab_ready(device_lab_write write, void *context);

/* Around what is to be counted, TFLM's Invoke for instance. They do nothing: the lab knows them by their names. */
void device_lab_inference_begins(void);
void device_lab_inference_ends(void);

/* The application has decided: it heard a word, saw a gesture. `label` is one of the workload's labels: letters, digits
 * and underscores. Of each recording the lab takes the first. */
void device_lab_result(const char *label);

/* The same with the model's scores, in the order of the workload's labels, which the lab can hold against the host's.
 */
void device_lab_result_with_scores(const char *label, const int32_t *scores, size_t count);

/* The application cannot go on. */
void device_lab_fault(const char *why);

#ifdef __cplusplus
}
#endif

#endif
