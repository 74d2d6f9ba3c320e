/* No recursion: what is open stands in a list. A value belongs to the one around it as soon as it
 * is made, so that a failure leaves one tree to be dropped. */
#include "base/json/json_read.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_scan.h"
#include "base/sizes.h"
#include "base/status.h"

/* What jansson takes from malloc() for a value, in bytes, on a machine with pointers of 64 bits. */
enum cost {
    COST_NUMBER = 32,
    COST_TEXT = 64,    /* and its bytes */
    COST_LIST = 128,   /* with room for 8 entries */
    COST_ENTRY = 8,    /* of a list */
    COST_OBJECT = 224, /* with room for 8 keys */
    COST_MEMBER = 96   /* of an object, and the bytes of its key */
};
#define COST_FREE     ((size_t)1 << 20) /* of any text */
#define COST_PER_BYTE 24

#define WORDS_SIZE 64

struct reader {
    struct bp_json_scan scan;
    const struct bp_json_limits *limits;
    json_t *root;
    json_t *open[BP_JSON_DEPTH_MAX]; /* the innermost last */
    size_t depth;
    bool is_empty; /* the innermost one, until now */
    size_t values;
    size_t cost;
    char words[WORDS_SIZE]; /* of a reason that names a number */
};

static bool fail(struct reader *reader, const char *reason)
{
    reader->scan.reason = reason;
    return false;
}

static bool fail_limit(struct reader *reader, const char *before, size_t limit, const char *after)
{
    snprintf(reader->words, WORDS_SIZE, "%s %zu %s", before, limit, after);
    return fail(reader, reader->words);
}

/* Counts what has come; a list of empty objects would take 77 bytes for each byte of text. */
static bool spend(struct reader *reader, size_t cost)
{
    reader->cost += cost;
    return reader->cost <= COST_FREE ||
           (reader->cost - COST_FREE) / COST_PER_BYTE <= reader->scan.at ||
           fail(reader, "values take more memory than a text of its length may");
}

/* Gives a new value, of which NULL is a failure, to what is around it; `key` where that is an
 * object. */
static bool attach(struct reader *reader, const char *key, json_t *value)
{
    if (!value)
        return false;
    if (reader->depth == 0) {
        reader->root = value;
        return true;
    }
    json_t *around = reader->open[reader->depth - 1];
    if (json_is_array(around))
        return json_array_append_new(around, value) == 0 && spend(reader, COST_ENTRY);
    const size_t before = json_object_size(around);
    if (json_object_set_new_nocheck(around, key, value) != 0)
        return false;
    if (json_object_size(around) == before) {
        reader->scan.at = reader->scan.key_at;
        return fail(reader, "a key is there twice");
    }
    return spend(reader, COST_MEMBER + strlen(key));
}

static bool open_value(struct reader *reader, const char *key, bool is_object)
{
    const size_t limit = reader->limits->depth ? reader->limits->depth : BP_JSON_DEPTH_MAX;
    if (reader->depth == limit)
        return fail_limit(reader, "nested deeper than", limit, "levels");
    json_t *value = is_object ? json_object() : json_array();
    if (!attach(reader, key, value))
        return false;
    reader->scan.at++;
    reader->open[reader->depth++] = value;
    reader->is_empty = true;
    return spend(reader, is_object ? COST_OBJECT : COST_LIST);
}

static bool read_value(struct reader *reader, const char *key)
{
    const char c = bp_json_scan_next(&reader->scan);
    if (reader->limits->values > 0 && ++reader->values > reader->limits->values)
        return fail_limit(reader, "more than", reader->limits->values, "values");
    if (c == '{' || c == '[')
        return open_value(reader, key, c == '{');
    json_t *value = bp_json_scan_value(&reader->scan);
    if (!attach(reader, key, value))
        return false;
    return spend(reader,
                 json_is_string(value) ? COST_TEXT + json_string_length(value) : COST_NUMBER);
}

/* A key, its colon and its value. */
static bool read_member(struct reader *reader)
{
    struct bp_json_scan *scan = &reader->scan;
    if (bp_json_scan_next(scan) != '"')
        return fail(reader, "a key is missing, a text in quotes");
    if (!bp_json_scan_key(scan))
        return false;
    if (bp_json_scan_next(scan) != ':')
        return fail(reader, "a colon is missing after a key");
    scan->at++;
    return read_value(reader, scan->key.bytes);
}

/* What comes next in the innermost one that is open: its end, or a value. */
static bool go_on(struct reader *reader)
{
    const bool is_object = json_is_object(reader->open[reader->depth - 1]);
    const char c = bp_json_scan_next(&reader->scan);
    if (c == (is_object ? '}' : ']')) {
        reader->scan.at++;
        reader->depth--;
        reader->is_empty = false;
        return true;
    }
    if (!reader->is_empty && c != ',')
        return fail(reader, is_object ? "a comma or the brace that closes an object is missing"
                                      : "a comma or the bracket that closes a list is missing");
    reader->scan.at += !reader->is_empty;
    reader->is_empty = false;
    return is_object ? read_member(reader) : read_value(reader, NULL);
}

static bool read_all(struct reader *reader)
{
    bool good = read_value(reader, NULL);
    while (good && reader->depth > 0)
        good = go_on(reader);
    if (!good)
        return false;
    bp_json_scan_next(&reader->scan);
    return reader->scan.at == reader->scan.length || fail(reader, "more follows the value");
}

/* Lines and characters are counted from 1. */
static bp_status report(const struct bp_json_scan *scan, const char *path, bp_error *error)
{
    size_t line = 1, column = 1;
    for (size_t k = 0; k < scan->at; k++) {
        const bool is_end = scan->text[k] == '\n';
        line += is_end;
        column = is_end ? 1 : column + (((unsigned char)scan->text[k] & 0xC0) != 0x80);
    }
    if (path)
        return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: not JSON: %s", path, line, column,
                       scan->reason);
    if (memchr(scan->text, '\n', scan->length))
        return bp_fail(error, BP_ERROR_INPUT, "%s (line %zu, column %zu)", scan->reason, line,
                       column);
    return bp_fail(error, BP_ERROR_INPUT, "%s (column %zu)", scan->reason, column);
}

bp_status bp_json_read(json_t **out, const char *text, size_t length,
                       const struct bp_json_limits *limits, bp_error *error)
{
    struct reader reader = {.scan = {.text = text, .length = length}, .limits = limits};
    assert(limits->depth <= BP_JSON_DEPTH_MAX);
    const bool good = read_all(&reader);
    free(reader.scan.key.bytes);
    free(reader.scan.unescaped.bytes);
    *out = reader.root;
    if (good)
        return BP_OK;
    json_decref(reader.root);
    *out = NULL;
    return reader.scan.reason ? report(&reader.scan, limits->path, error)
                              : bp_fail_memory(error, limits->what);
}
