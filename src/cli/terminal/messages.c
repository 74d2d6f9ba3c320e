/* Messages on stderr and exit codes. */
#include "cli/terminal/messages.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal/escape.h"

#define LINE_SIZE 8192 /* more than the sentence of a bp_error with a path before it */

static bool holds;
static bool exhausted; /* memory has run out, and that was said */
static char held[MESSAGE_HELD_SIZE];

void message_hold(void)
{
    holds = true;
}

const char *message_held(void)
{
    return held;
}

static void print(const char *format, va_list values)
{
    char line[LINE_SIZE], shown[ESCAPE_FACTOR * LINE_SIZE];
    vsnprintf(line, sizeof line, format, values);
    /* One write, so that lines of several processes do not mix. */
    fprintf(stderr, "batchprop: %s\n", escape_write(shown, line, false));
}

/* A failure if `fails`. */
static void print_line(bool fails, const char *format, va_list values)
{
    if (!holds)
        print(format, values);
    else if (fails)
        vsnprintf(held, sizeof held, format, values);
}

int message_failure(int code, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    print_line(true, format, values);
    va_end(values);
    return code;
}

void message_note(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    print_line(false, format, values);
    va_end(values);
}

void message_note_anyway(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    print(format, values);
    va_end(values);
}

static int choose_code(bp_status status)
{
    switch (status) {
    case BP_OK:
    case BP_STOPPED:
        return EXIT_DONE;
    case BP_ERROR_ARGUMENT:
        return EXIT_USAGE;
    case BP_ERROR_INPUT:
        return EXIT_INPUT;
    case BP_ERROR_IO:
        return EXIT_IO;
    case BP_ERROR_NOT_FINITE:
        return EXIT_NOT_FINITE;
    case BP_ERROR_MEMORY:
    case BP_ERROR_THREADS:
    case BP_ERROR_RANKS:
        return EXIT_RESOURCES;
    case BP_ERROR_INTERNAL:
        break;
    }
    return EXIT_FAILED;
}

/* Says it the first time only: what cannot be done for want of memory, others then cannot use. */
BP_PRINTF(1, 2)
static int report_memory(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    if (!exhausted)
        print_line(true, format, values);
    va_end(values);
    exhausted = true;
    return EXIT_RESOURCES;
}

int message_error(const bp_error *error)
{
    if (error->status == BP_ERROR_MEMORY)
        return report_memory("%s", error->message);
    return message_failure(choose_code(error->status), "%s", error->message);
}

int message_error_in(const char *what, const bp_error *error)
{
    if (error->status == BP_ERROR_MEMORY)
        return report_memory("%s: %s", what, error->message);
    return message_failure(choose_code(error->status), "%s: %s", what, error->message);
}

int message_error_then(const bp_error *error, const char *then)
{
    if (error->status == BP_ERROR_MEMORY)
        return report_memory("%s; %s", error->message, then);
    return message_failure(choose_code(error->status), "%s; %s", error->message, then);
}

int message_usage(const char *command, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    print_line(true, format, values);
    va_end(values);
    if (!holds)
        fprintf(stderr, "See: batchprop %s%s--help\n", command ? command : "", command ? " " : "");
    return EXIT_USAGE;
}

int message_io(const char *verb, const char *path)
{
    if (errno == ENOMEM)
        return report_memory("out of memory: cannot %s %s", verb, path);
    return message_failure(EXIT_IO, "cannot %s %s: %s", verb, path, strerror(errno));
}

int message_no_memory(void)
{
    return report_memory("out of memory");
}
