/* A file that is one JSON value. */
#ifndef BP_CLI_FIELDS_JSON_FILE_H
#define BP_CLI_FIELDS_JSON_FILE_H

#include <jansson.h>

/* Bytes of a file, beyond which nothing is read. */
#define JSON_FILE_MAX ((size_t)32 << 20)

/* Makes *out the value in a file, which may be a pipe; the caller owns the reference, NULL on
 * failure. `what` it is, for messages: "the configuration". Returns an exit code. */
int json_file_read(json_t **out, const char *path, const char *what);

#endif
