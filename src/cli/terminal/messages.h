/*
 * Exit codes, and messages on stderr. A function of the command that can fail prints its message
 * itself, through these, and returns the exit code; EXIT_DONE is the only success.
 */
#ifndef BP_CLI_TERMINAL_MESSAGES_H
#define BP_CLI_TERMINAL_MESSAGES_H

#include "base/status.h"

/* Documented in batchprop(1); programs rely on the numbers. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,     /* a check failed, or a defect of the library */
    EXIT_USAGE = 2,      /* the command line asks for something that does not exist */
    EXIT_INPUT = 3,      /* the content of a file is wrong */
    EXIT_IO = 4,         /* a file cannot be opened, read or written */
    EXIT_NOT_FINITE = 5, /* training met an infinity or a NaN */
    EXIT_RESOURCES = 6,  /* memory, threads or other processes */
    EXIT_SIGNAL = 128    /* plus the number of the signal */
};

/* From here on nothing is printed, and the last failure is kept: for a process that others speak
 * for. */
void message_hold(void);

/* That failure, "" if there is none; MESSAGE_HELD_SIZE bytes. */
#define MESSAGE_HELD_SIZE 1024
const char *message_held(void);

/* Prints "batchprop: <sentence>" to stderr and returns `code`. */
int message_failure(int code, const char *format, ...) BP_PRINTF(2, 3);

/* The same where nothing failed. */
void message_note(const char *format, ...) BP_PRINTF(1, 2);

/* The same, also from a process that others speak for. */
void message_note_anyway(const char *format, ...) BP_PRINTF(1, 2);

/* The sentence of a failed call of the library, and the exit code of its family. */
int message_error(const bp_error *error);

/* message_error() with "<what>: " before the sentence. */
int message_error_in(const char *what, const bp_error *error);

/* message_error() with "; <then>" after the sentence. */
int message_error_then(const bp_error *error, const char *then);

/* A usage error, with a second line that names the --help of `command` (NULL: of batchprop). */
int message_usage(const char *command, const char *format, ...) BP_PRINTF(2, 3);

/* EXIT_IO: "cannot <verb> <path>: <reason of errno>"; EXIT_RESOURCES if that is ENOMEM. */
int message_io(const char *verb, const char *path);

/* EXIT_RESOURCES: "out of memory". This and other messages that memory has run out are printed once
 * in a process. */
int message_no_memory(void);

#endif
