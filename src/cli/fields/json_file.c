/* The file is read whole before anything is made of it: how long it is tells how much memory its
 * values may take. */
#include "cli/fields/json_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/files/open_input.h"
#include "base/grow.h"
#include "base/json/json_read.h"
#include "cli/terminal/messages.h"

#define READ_SIZE 4096

/* *text is to be freed with free() in any case. */
static int read_bytes(FILE *file, char **text, size_t *length)
{
    size_t capacity = 0, got;
    do {
        char *grown = bp_array_grow(*text, &capacity, *length + READ_SIZE, 1);
        if (!grown)
            return message_no_memory();
        *text = grown;
        got = fread(grown + *length, 1, READ_SIZE, file);
        *length += got;
    } while (got == READ_SIZE && *length <= JSON_FILE_MAX);
    return EXIT_DONE;
}

static int parse(json_t **out, const char *text, size_t length, const char *path, const char *what)
{
    const struct bp_json_limits limits = {.what = what, .path = path};
    bp_error error;
    return bp_json_read(out, text, length, &limits, &error) ? message_error(&error) : EXIT_DONE;
}

int json_file_read(json_t **out, const char *path, const char *what)
{
    char *text = NULL;
    size_t length = 0;
    *out = NULL;
    FILE *file = bp_open_stream(path);
    int code = file ? read_bytes(file, &text, &length) : message_io("open", path);
    if (code == EXIT_DONE && ferror(file))
        code = message_io("read", path);
    else if (code == EXIT_DONE && length > JSON_FILE_MAX)
        code = message_failure(EXIT_INPUT, "%s: %s is longer than %zu MiB", path, what,
                               JSON_FILE_MAX >> 20);
    else if (code == EXIT_DONE)
        code = parse(out, text, length, path, what);
    if (file)
        fclose(file);
    free(text);
    return code;
}
