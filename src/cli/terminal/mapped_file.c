/* A handler gets no argument: so this file has state. It calls what may be called in a handler. */
#include "cli/terminal/mapped_file.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/stop_signal.h"

#define FILES_MAX 64 /* those after them are not named */

static struct {
    const char *path;
    off_t size;
} files[FILES_MAX];

static size_t count;
static struct sigaction before;

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

/* Of a file that is shorter than it was, or NULL. */
static const char *find_path(void)
{
    struct stat status;
    for (size_t k = 0; k < count; k++) {
        if (stat(files[k].path, &status) == 0 && status.st_size < files[k].size)
            return files[k].path;
    }
    return NULL;
}

static void handle(int number)
{
    const char *path = find_path();
    (void)number;
    if (!path) { /* another cause: it comes again where the handler returns */
        sigaction(SIGBUS, &before, NULL);
        return;
    }
    say("batchprop: ");
    say(path);
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
    files[count].path = path;
    files[count].size = status.st_size;
    sigemptyset(&action.sa_mask);
    if (count++ == 0)
        sigaction(SIGBUS, &action, &before);
}
