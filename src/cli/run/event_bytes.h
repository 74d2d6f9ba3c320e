/*
 * The bytes of TensorBoard's event files: protocol buffers
 * (https://protobuf.dev/programming-guides/encoding) of tensorflow/core/util/event.proto and
 * framework/summary.proto, each in a record of tensorflow/core/lib/io/record_writer.h.
 */
#ifndef BP_CLI_RUN_EVENT_BYTES_H
#define BP_CLI_RUN_EVENT_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a tag; what is longer is cut off. */
#define EVENT_TAG_MAX 100

#define EVENT_SIZE_MAX 160

/* One event, which says one thing. */
struct event {
    unsigned char bytes[EVENT_SIZE_MAX];
    size_t size;
};

/* Begins an event that happened `seconds` after 1970 in step `step`; one of the next three follows.
 */
void event_begin(struct event *event, double seconds, uint64_t step);

/* What the first event of a file must say: its version. */
void event_put_version(struct event *event);

/* That a run starts again at the step of the event. */
void event_put_restart(struct event *event);

/* A scalar called `tag`. */
void event_put_scalar(struct event *event, const char *tag, float value);

/* What stands before and after the bytes of an event in a file. */
#define EVENT_HEAD_SIZE 12
#define EVENT_TAIL_SIZE 4
void event_frame(const struct event *event, unsigned char *head, unsigned char *tail);

/* The cyclic redundancy check of Castagnoli (RFC 3720, B.4) of `size` bytes. */
uint32_t event_crc32c(const unsigned char *bytes, size_t size);

#endif
