/* A stream whose bytes go through a file of base/, which knows what to do with every kind of path.
 */
#define _GNU_SOURCE /* fopencookie */

#include "cli/terminal/output.h"

#include <string.h>

#include "base/files/path.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/results.h"

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

int output_open(struct output *output, const char *path)
{
    *output = (struct output){.stream = path ? NULL : results()};
    if (!path)
        return EXIT_DONE;
    if (bp_file_begin(&output->file, path, &output->error) != BP_OK)
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
    if (code == EXIT_DONE && output->error.status == BP_OK) {
        bp_file_commit(output->file, &output->error);
        output->file = NULL;
    }
    bp_file_abandon(output->file);
    if (code == EXIT_DONE && output->error.status != BP_OK)
        code = message_error(&output->error);
    *output = (struct output){0};
    return code;
}
