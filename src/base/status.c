/* Messages of failures, and the few words that name a status or the version. */
#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *bp_version(void)
{
    return BP_VERSION;
}

const char *bp_status_text(bp_status status)
{
    switch (status) {
    case BP_OK:
        return "done";
    case BP_STOPPED:
        return "stopped";
    case BP_ERROR_ARGUMENT:
        return "bad argument";
    case BP_ERROR_INPUT:
        return "bad input file";
    case BP_ERROR_IO:
        return "input or output failed";
    case BP_ERROR_NOT_FINITE:
        return "not a finite number";
    case BP_ERROR_MEMORY:
        return "out of memory";
    case BP_ERROR_THREADS:
        return "threads cannot be started";
    case BP_ERROR_RANKS:
        return "processes cannot work together";
    case BP_ERROR_INTERNAL:
        return "defect of the library";
    }
    return "unknown status";
}

/* The longest length up to `length` that does not end within a character of UTF-8. */
static size_t cut_at_character(const char *text, size_t length)
{
    size_t start = length;
    while (start > 0 && length - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || ((unsigned char)text[start - 1] & 0xC0) != 0xC0)
        return length;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    return start - 1 + bytes > length ? start - 1 : length;
}

/* A name out of a hostile file could otherwise steer the terminal that shows the message. */
static void blank_controls(char *text)
{
    for (char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = '?';
    }
}

bp_status bp_fail(bp_error *error, bp_status status, const char *format, ...)
{
    if (!error)
        return status;
    /* Formatted apart, because the arguments may include the message that is replaced. */
    char message[BP_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0)
        snprintf(message, sizeof message, "%s", bp_status_text(status));
    else if ((size_t)length >= sizeof message)
        message[cut_at_character(message, sizeof message - 1)] = '\0';
    blank_controls(message);
    error->status = status;
    memcpy(error->message, message, sizeof message);
    return status;
}

bp_status bp_fail_memory(bp_error *error, const char *what)
{
    return bp_fail(error, BP_ERROR_MEMORY, "out of memory: there is no room for %s", what);
}

bp_status bp_fail_system(bp_error *error, int reason, const char *format, ...)
{
    char sentence[BP_ERROR_MESSAGE_SIZE] = "", text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (reason == ENOMEM)
        return bp_fail(error, BP_ERROR_MEMORY, "out of memory: %s", sentence);
    if (strerror_r(reason, text, sizeof text) != 0)
        snprintf(text, sizeof text, "unknown reason");
    return bp_fail(error, BP_ERROR_IO, "%s: %s", sentence, text);
}

bp_status bp_fail_null(bp_error *error, const char *name)
{
    return bp_fail(error, BP_ERROR_ARGUMENT, "the argument `%s` may not be NULL", name);
}
