/* Three messages with a handful of fields: a generated encoder would be longer than what it is for.
 */
#include "cli/run/event_bytes.h"

#include <assert.h>
#include <string.h>

#include "base/byte_order.h"

/* Wire types, the low three bits of a key; above them stands the number of the field. */
enum wire { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* Fields of the messages Event, SessionLog, Summary and Summary.Value. */
enum {
    EVENT_WALL_TIME = 1,
    EVENT_STEP = 2,
    EVENT_FILE_VERSION = 3,
    EVENT_SUMMARY = 5,
    EVENT_SESSION_LOG = 7,
    SESSION_STATUS = 1,
    SUMMARY_VALUE = 1,
    VALUE_TAG = 1,
    VALUE_SIMPLE = 2
};

#define SESSION_START 1

static void put_byte(struct event *event, unsigned byte)
{
    assert(event->size < EVENT_SIZE_MAX);
    event->bytes[event->size++] = (unsigned char)byte;
}

static void put_bytes(struct event *event, const void *bytes, size_t size)
{
    for (size_t k = 0; k < size; k++)
        put_byte(event, ((const unsigned char *)bytes)[k]);
}

/* Seven bits a byte, the low ones first; the eighth says that more follow. */
static void put_varint(struct event *event, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        put_byte(event, (unsigned)(number & 0x7f) | 0x80);
    put_byte(event, (unsigned)number);
}

static void put_key(struct event *event, unsigned field, enum wire wire)
{
    put_varint(event, field << 3 | (unsigned)wire);
}

static void put_fixed(struct event *event, uint64_t number, size_t size)
{
    unsigned char bytes[8];
    bp_store_little(bytes, number, size);
    put_bytes(event, bytes, size);
}

void event_begin(struct event *event, double seconds, uint64_t step)
{
    uint64_t bits;
    memcpy(&bits, &seconds, sizeof bits);
    event->size = 0;
    put_key(event, EVENT_WALL_TIME, WIRE_64);
    put_fixed(event, bits, sizeof bits);
    put_key(event, EVENT_STEP, WIRE_VARINT);
    put_varint(event, step);
}

void event_put_version(struct event *event)
{
    static const char version[] = "brain.Event:2";
    put_key(event, EVENT_FILE_VERSION, WIRE_BYTES);
    put_varint(event, sizeof version - 1);
    put_bytes(event, version, sizeof version - 1);
}

void event_put_restart(struct event *event)
{
    put_key(event, EVENT_SESSION_LOG, WIRE_BYTES);
    put_varint(event, 2);
    put_key(event, SESSION_STATUS, WIRE_VARINT);
    put_varint(event, SESSION_START);
}

/* The sizes of messages within messages come before them: the keys here take a byte each. */
void event_put_scalar(struct event *event, const char *tag, float value)
{
    const size_t length = strlen(tag) < EVENT_TAG_MAX ? strlen(tag) : EVENT_TAG_MAX;
    const size_t value_size = 2 + length + 1 + sizeof value;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_key(event, EVENT_SUMMARY, WIRE_BYTES);
    put_varint(event, 2 + value_size);
    put_key(event, SUMMARY_VALUE, WIRE_BYTES);
    put_varint(event, value_size);
    put_key(event, VALUE_TAG, WIRE_BYTES);
    put_varint(event, length);
    put_bytes(event, tag, length);
    put_key(event, VALUE_SIMPLE, WIRE_32);
    put_fixed(event, bits, sizeof bits);
}

uint32_t event_crc32c(const unsigned char *bytes, size_t size)
{
    uint32_t crc = UINT32_MAX;
    for (size_t k = 0; k < size; k++) {
        crc ^= bytes[k];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
    }
    return ~crc;
}

/* tensorflow/core/lib/hash/crc32c.h: so that a check over bytes that hold one is still a good one.
 */
static uint32_t mask(uint32_t crc)
{
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

void event_frame(const struct event *event, unsigned char *head, unsigned char *tail)
{
    bp_store_little(head, event->size, 8);
    bp_store_little(head + 8, mask(event_crc32c(head, 8)), 4);
    bp_store_little(tail, mask(event_crc32c(event->bytes, event->size)), EVENT_TAIL_SIZE);
}
