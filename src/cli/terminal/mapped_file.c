/* A handler gets no argument: so this file has state. It calls what may be called in a handler. */
#include "cli/terminal/mapped_file.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/terminal/escape.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/stop_signal.h"

#define FILES_MAX 64 /* those after them are not named */

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "signal handlers need atomics without locks");

static struct file {
    const char *path;
    char *shown; /* the path in a message; kept until the process ends */
    off_t size;
} files[FILES_MAX];

static size_t count;
static struct sigaction before;
static atomic_int handling;

static void say(const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        const ssize_t written = write(STDERR_FILENO, text, left);
        if (written <= 0)
            return;
        text += written;
        left -= (size_t)written;
    }
}

/* One that is shorter than it was, or NULL. */
static const struct file *find_file(void)
{
    struct stat status;
    for (size_t k = 0; k < count; k++) {
        if (stat(files[k].path, &status) == 0 && status.st_size < files[k].size)
            return &files[k];
    }
    return NULL;
}

/* Several threads may read the file: the first one ends the process, the others wait for it. */
static void handle(int number)
{
    (void)number;
    while (atomic_exchange(&handling, 1) != 0)
        pause();
    const struct file *file = find_file();
    if (!file) { /* another cause: it comes again where the handler returns */
        sigaction(SIGBUS, &before, NULL);
        return;
    }
    say("batchprop: ");
    say(file->shown);
    say(": cannot be read: the file became shorter meanwhile; leave it as it is until the command "
        "ends\n");
    stop_signal_clean();
    _exit(EXIT_IO);
}

void mapped_file_watch(const char *path)
{
    struct sigaction action = {.sa_handler = handle};
    struct stat status;
    if (count == FILES_MAX || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    char *shown = malloc(ESCAPE_FACTOR * strlen(path) + 1);
    if (!shown) /* then it is not named, as one too many */
        return;
    escape_write(shown, path, false);
    files[count] = (struct file){path, shown, status.st_size};
    sigemptyset(&action.sa_mask);
    if (count++ == 0)
        sigaction(SIGBUS, &action, &before);
}
