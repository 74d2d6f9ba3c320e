/* Text to values of jansson. Strict RFC 8259, in UTF-8; what jansson's own reader does where memory
 * runs out is not to be had with it: it goes on with a part of the text. */
#ifndef BP_BASE_JSON_JSON_READ_H
#define BP_BASE_JSON_JSON_READ_H

#include <jansson.h>

#include "batchprop/batchprop.h"

/* Of objects and lists in one another. */
#define BP_JSON_DEPTH_MAX 64

struct bp_json_limits {
    const char *what; /* the text, in the message that it cannot be held: "a line of a log" */
    size_t depth;     /* 0: BP_JSON_DEPTH_MAX, which is the most */
    size_t values;    /* 0: no other limit than memory */
    const char *path; /* of the file that is this text, which messages begin with; or NULL */
};

/* Makes *out the value of `length` bytes of `text`; the caller owns the reference. Beside what the
 * standard refuses: a key that is twice in an object, a NUL in a text (\u0000), a whole number
 * beyond 64 bits with sign, a real one beyond binary64, and values that take more than 24 bytes of
 * memory for each byte of the text before them, and 1 MiB. Errors: INPUT, a reason with the place,
 * "PATH:3:7: not JSON: a value is missing" or "a value is missing (line 3, column 7)", where a text
 * of one line has columns alone; MEMORY. */
bp_status bp_json_read(json_t **out, const char *text, size_t length,
                       const struct bp_json_limits *limits, bp_error *error);

#endif
