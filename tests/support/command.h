/*
 * Runs the command that was built, as a shell would. Its path is in $BATCHPROP_COMMAND, the
 * project's root in $BATCHPROP_SOURCE. Every function asserts that it works.
 */
#ifndef BP_TESTS_COMMAND_H
#define BP_TESTS_COMMAND_H

#include <jansson.h>
#include <stdio.h>
#include <sys/types.h>

/* A command that runs, or has run. */
struct command {
    pid_t process;
    FILE *files[2]; /* where stdout and stderr go */
    int code;       /* exit code, or minus the signal that ended it */
    char *out;      /* all of stdout */
    char *err;
};

/* Runs `batchprop` with arguments, texts, and waits for its end. */
#define COMMAND_RUN(...) command_run((const char *const[]){__VA_ARGS__, NULL})
struct command command_run(const char *const *arguments);

/* The two halves of COMMAND_RUN(), for a test that acts in between. */
#define COMMAND_START(...) command_start((const char *const[]){__VA_ARGS__, NULL})
struct command command_start(const char *const *arguments);
void command_wait(struct command *command);

/* Sends stdout to `out_path`, and stderr to descriptor `err` unless that is -1. */
struct command command_start_to(const char *const *arguments, const char *out_path, int err);

/* Skips the test that calls it where there is no gnuplot, which draws for report. */
void command_need_gnuplot(void);

void command_free(struct command *command);

/* Asserts the exit code, that stdout is empty, and that stderr holds `message`; frees the command.
 */
void command_expect_failure(struct command command, int code, const char *message);

/* Asserts exit code 0 and an empty stderr. */
void command_expect_success(const struct command *command);

/* The one JSON object that `text` is; freed with json_decref(). */
json_t *command_json(const char *text);

/* Asserts that the keys of an object are `keys`, separated by spaces, no more and no fewer. */
void json_expect_keys(const json_t *object, const char *keys);

/* The path of a file of the project; freed with free(). */
char *source_path(const char *name);

#endif
