/* A file of JSON objects, one a line, which may hold anything. */
#ifndef BP_CLI_FIELDS_JSON_LINES_H
#define BP_CLI_FIELDS_JSON_LINES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Bytes of a line, beyond which nothing is read. */
#define JSON_LINE_MAX ((size_t)32 << 20)

struct json_lines {
    const char *path;
    FILE *stream;
    char *line;
    size_t capacity;
    size_t number; /* of the last line that was read, from 1 */
    bool torn;     /* the file ends within a line, as when a writer is killed */
};

/* `path` is kept. Returns an exit code; close it in either case. */
int json_lines_open(struct json_lines *lines, const char *path);

/* Makes `*object` the object of the next line, which the caller owns; NULL at the end of the file.
 * A last line that no newline ends and that is no JSON is left out. Returns an exit code. */
int json_lines_next(struct json_lines *lines, json_t **object);

void json_lines_close(struct json_lines *lines);

#endif
