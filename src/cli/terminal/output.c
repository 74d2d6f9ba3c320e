/* A stream whose bytes go through a file of base/, which knows what to do with every kind of path.
 */
#define _GNU_SOURCE /* fopencookie */

#include "cli/terminal/output.h"

#include <string.h>
#include <sys/stat.h>

#include "base/files/path.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/results.h"
#include "cli/terminal/stop_signal.h"

#define STANDARD_OUTPUT "-"

static int check(const char *option, const char **path, bool replaced)
{
    bp_error error;
    if (strcmp(*path, STANDARD_OUTPUT) == 0)
        *path = "/dev/stdout";
    const int code = results_give_way(option, *path);
    if (code == EXIT_DONE && bp_file_check(*path, replaced, &error) != BP_OK)
        return message_error_in(option, &error);
    return code;
}

int output_check(const char *option, const char **path)
{
    return check(option, path, true);
}

int output_check_log(const char *option, const char **path)
{
    return check(option, path, false);
}

int output_check_distinct(const char *command, const char *option, const char *path,
                          const char *input)
{
    bool same = false;
    const bool standard = strcmp(path, STANDARD_OUTPUT) == 0;
    if (input && !standard && !bp_path_same(path, input, &same))
        return message_no_memory();
    const bool spelled = input && strcmp(path, input) != 0; /* otherwise */
    if (same)
        return message_usage(command,
                             "%s: %s%swould overwrite %s, which this command needs: name another "
                             "file",
                             option, spelled ? path : "", spelled ? " " : "", input);
    return EXIT_DONE;
}

/* 0 tells the stream of a failure. */
static ssize_t write_bytes(void *cookie, const char *bytes, size_t size)
{
    struct output *output = cookie;
    if (output->error.status == BP_OK)
        bp_file_write(output->file, bytes, size, &output->error);
    return output->error.status == BP_OK ? (ssize_t)size : 0;
}

/* Signals wait while a file is made, put in place or removed: for a moment. Somebody has to read a
 * pipe first. */
static bool hold_signals(const char *path)
{
    struct stat status;
    const bool held = stat(path, &status) != 0 || S_ISREG(status.st_mode);
    if (held)
        stop_signal_hold();
    return held;
}

static void resume_signals(bool held)
{
    if (held)
        stop_signal_resume();
}

static bp_status begin(struct output *output, const char *path)
{
    const bool held = hold_signals(path);
    const bp_status status = bp_file_begin(&output->file, path, &output->error);
    const char *temporary = status == BP_OK ? bp_file_temporary(output->file) : NULL;
    output->guard = temporary ? stop_signal_guard(temporary) : STOP_SIGNAL_UNGUARDED;
    resume_signals(held);
    return status;
}

/* The content is in place, or dropped. */
static void end(struct output *output, bool commit)
{
    const bool held = bp_file_temporary(output->file) != NULL;
    if (held)
        stop_signal_hold();
    if (commit)
        bp_file_commit(output->file, &output->error);
    else
        bp_file_abandon(output->file);
    output->file = NULL;
    stop_signal_forget(output->guard);
    resume_signals(held);
}

int output_open(struct output *output, const char *path)
{
    *output = (struct output){.stream = path ? NULL : results()};
    if (!path)
        return EXIT_DONE;
    if (begin(output, path) != BP_OK)
        return message_error(&output->error);
    output->stream = fopencookie(output, "w", (cookie_io_functions_t){.write = write_bytes});
    return output->stream ? EXIT_DONE : message_no_memory();
}

int output_close(struct output *output, int code)
{
    /* results_finish() looks after stdout. */
    if (!output->file)
        return code;
    if (output->stream)
        fclose(output->stream);
    end(output, code == EXIT_DONE && output->error.status == BP_OK);
    if (code == EXIT_DONE && output->error.status != BP_OK)
        code = message_error(&output->error);
    *output = (struct output){0};
    return code;
}

int output_model(const bp_model *model, const char *path)
{
    bp_error error;
    const bool held = hold_signals(path);
    const bp_status status = bp_model_save(model, path, &error);
    resume_signals(held);
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}

int output_export(const bp_model *model, const char *path, const bp_export_options *options)
{
    bp_error error;
    const bool held = hold_signals(path);
    const bp_status status = bp_model_export(model, path, options, &error);
    resume_signals(held);
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}
