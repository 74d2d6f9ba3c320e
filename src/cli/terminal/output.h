/* Files that the command writes: checked before the work begins, replaced as a whole at its end. */
#ifndef BP_CLI_TERMINAL_OUTPUT_H
#define BP_CLI_TERMINAL_OUTPUT_H

#include <stdio.h>

/* Whether a file could be put at `path`, so that hours of work are not lost to a mistyped folder.
 * `option` names the option in messages. Returns an exit code. */
int output_check(const char *option, const char *path);

/* EXIT_USAGE if `path` is the same file as `input`, which would be lost; `input` may be NULL. */
int output_check_distinct(const char *command, const char *option, const char *path,
                          const char *input);

struct output {
    const char *path; /* as given; NULL: stdout */
    char *target;     /* `path` with symbolic links followed */
    char *temporary;  /* beside the target; NULL where the target cannot be replaced (a device) */
    FILE *stream;
};

/* Opens a new content for `path` (NULL: stdout) as output->stream; `path` is kept. Nothing is at
 * `path` before output_commit(). Returns an exit code. */
int output_open(struct output *output, const char *path);

/* Puts the content in place; the old one stays if that fails. Returns an exit code. */
int output_commit(struct output *output);

/* Drops what is not committed. Legal after a failed output_open() and after output_commit(). */
void output_abandon(struct output *output);

#endif
