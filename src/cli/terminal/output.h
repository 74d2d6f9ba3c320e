/* Files that the command writes, through base/files/file.h: what is wrong is printed. */
#ifndef BP_CLI_TERMINAL_OUTPUT_H
#define BP_CLI_TERMINAL_OUTPUT_H

#include <stdio.h>

#include "base/files/file.h"
#include "batchprop/batchprop.h"

/* Whether a file could be put at `*path`, so that hours of work are not lost to a mistyped folder.
 * "-" is the standard output, of which `*path` becomes the name; what leads there has it for itself
 * (results.h). `option` (kept) names the option in messages. Returns an exit code. */
int output_check(const char *option, const char **path);

/* The same for a file that grows while it is read (bp_file_open()). */
int output_check_log(const char *option, const char **path);

/* EXIT_USAGE if `path` is the same file as `input`, which would be lost; `input` may be NULL. */
int output_check_distinct(const char *command, const char *option, const char *path,
                          const char *input);

struct output {
    struct bp_file *file; /* NULL: results() */
    FILE *stream;
    size_t guard;   /* of its temporary file, which a signal removes (stop_signal.h) */
    bp_error error; /* of the first write that failed */
};

/* Opens a new content for `path` (NULL: results()) as output->stream; `output` stays where it is
 * until output_close(). Returns an exit code. */
int output_open(struct output *output, const char *path);

/* Puts the content in place if `code`, that of what wrote it, is EXIT_DONE; otherwise, and if that
 * fails, the old content stays. Legal after a failed output_open(). Returns the first exit code
 * that is not EXIT_DONE. */
int output_close(struct output *output, int code);

/* Writes a model file, which a signal does not interrupt. Returns an exit code. */
int output_model(const bp_model *model, const char *path);

/* The same of an exported model. */
int output_export(const bp_model *model, const char *path, const bp_export_options *options);

#endif
