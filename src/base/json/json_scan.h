/* The words of a JSON text: numbers, texts and literals. */
#ifndef BP_BASE_JSON_JSON_SCAN_H
#define BP_BASE_JSON_JSON_SCAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Memory for a text, freed with free(). */
struct bp_json_room {
    char *bytes;
    size_t capacity;
};

/* A text, and how far it is read. */
struct bp_json_scan {
    const char *text;
    size_t length;
    size_t at;
    const char *reason; /* why a function failed, and `at` is where; NULL: there is no memory */
    struct bp_json_room key; /* the last one, with NUL after it */
    size_t key_at;
    struct bp_json_room unescaped; /* the last text that had escapes */
};

/* The byte after blanks, or '\0' at the end, and where a NUL stands, which begins nothing. */
char bp_json_scan_next(struct bp_json_scan *scan);

/* Reads the text that begins here with its quote into `key`. */
bool bp_json_scan_key(struct bp_json_scan *scan);

/* Reads a number, a text or a literal; NULL: failed. */
json_t *bp_json_scan_value(struct bp_json_scan *scan);

#endif
