/* The standard output belongs to the process: so this file has state. */
#include "cli/terminal/results.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/path.h"
#include "cli/terminal/messages.h"

static const char *taken_by; /* an option; NULL: results are printed */
static bool closed;          /* when the process began */

/* A descriptor that can only be read takes the place, so that writing still fails. */
void results_begin(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        const bool missing = fcntl(descriptor, F_GETFD) == -1 && errno == EBADF;
        if (missing && descriptor == STDOUT_FILENO)
            closed = true;
        if (missing && open("/dev/null", O_RDONLY) != descriptor)
            return;
    }
}

FILE *results(void)
{
    return taken_by ? stderr : stdout;
}

const char *results_taken_by(void)
{
    return taken_by;
}

/* A terminal or /dev/null under another name is not meant: what is printed there harms nothing. */
static bool is_redirected_to(const char *path)
{
    struct stat out, file;
    return fstat(STDOUT_FILENO, &out) == 0 && stat(path, &file) == 0 &&
           (S_ISREG(out.st_mode) || S_ISFIFO(out.st_mode)) && out.st_dev == file.st_dev &&
           out.st_ino == file.st_ino;
}

int results_give_way(const char *option, const char *path)
{
    char *end = bp_path_follow(path);
    const bool named = end && bp_path_descriptor(end) == STDOUT_FILENO;
    free(end);
    if (!named && !is_redirected_to(path))
        return EXIT_DONE;
    if (named && closed)
        return message_failure(EXIT_IO,
                               "%s: %s: the standard output is closed: redirect it to a file or a "
                               "pipe, or name a file",
                               option, path);
    if (taken_by)
        return message_failure(EXIT_USAGE,
                               "%s: %s goes to the standard output already: name a file for one of "
                               "them",
                               option, taken_by);
    taken_by = option;
    return EXIT_DONE;
}

int results_finish(int code)
{
    const bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed)
        return code;
    const int written =
        closed ? message_failure(EXIT_IO, "the standard output is closed: redirect it to a file or "
                                          "a pipe")
               : message_io("write", "the standard output");
    return code == EXIT_DONE ? written : code;
}
