/* Lines are read whole, up to a limit, before anything is made of them. */
#include "cli/fields/json_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files/open_input.h"
#include "base/json/json_read.h"
#include "cli/terminal/messages.h"

#define FIRST_CAPACITY 4096

int json_lines_open(struct json_lines *lines, const char *path)
{
    *lines = (struct json_lines){.path = path};
    lines->stream = bp_open_stream(path);
    struct stat status;
    if (lines->stream && fstat(fileno(lines->stream), &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return message_io("read", path);
    }
    return lines->stream ? EXIT_DONE : message_io("open", path);
}

static bool grow_line(struct json_lines *lines)
{
    const size_t capacity = lines->capacity ? lines->capacity * 2 : FIRST_CAPACITY;
    char *line = realloc(lines->line, capacity);
    if (!line)
        return false;
    lines->line = line;
    lines->capacity = capacity;
    return true;
}

/* Reads up to the next newline or the end. Sets `*length`, without the newline, and whether there
 * was one. */
static int read_line(struct json_lines *lines, size_t *length, bool *ended)
{
    int byte = EOF;
    *length = 0;
    while ((byte = getc_unlocked(lines->stream)) != EOF && byte != '\n') {
        if (*length == JSON_LINE_MAX)
            return message_failure(EXIT_INPUT, "%s:%zu: the line is longer than %zu MiB",
                                   lines->path, lines->number, JSON_LINE_MAX >> 20);
        if (*length == lines->capacity && !grow_line(lines))
            return message_no_memory();
        lines->line[(*length)++] = (char)byte;
    }
    *ended = byte == '\n';
    return ferror(lines->stream) ? message_io("read", lines->path) : EXIT_DONE;
}

int json_lines_next(struct json_lines *lines, json_t **object)
{
    size_t length = 0;
    bool ended = false;
    *object = NULL;
    lines->number++;
    const int code = read_line(lines, &length, &ended);
    if (code != EXIT_DONE || (length == 0 && !ended))
        return code;
    if (length == 0)
        return message_failure(EXIT_INPUT, "%s:%zu: the line is empty", lines->path, lines->number);
    static const struct bp_json_limits limits = {.what = "a line of a log"};
    bp_error error;
    const bp_status status = bp_json_read(object, lines->line, length, &limits, &error);
    lines->torn = status == BP_ERROR_INPUT && !ended;
    if (lines->torn || json_is_object(*object))
        return EXIT_DONE;
    json_decref(*object);
    *object = NULL;
    if (!status)
        return message_failure(EXIT_INPUT, "%s:%zu: the line is no JSON object", lines->path,
                               lines->number);
    if (status == BP_ERROR_INPUT)
        return message_failure(EXIT_INPUT, "%s:%zu: not JSON, which train --log writes: %s",
                               lines->path, lines->number, error.message);
    return message_error(&error);
}

void json_lines_close(struct json_lines *lines)
{
    if (lines->stream)
        fclose(lines->stream);
    free(lines->line);
    *lines = (struct json_lines){0};
}
