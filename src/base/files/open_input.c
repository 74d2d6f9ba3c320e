/* A file system of the network, or a FIFO, may keep open() waiting; a signal then ends it early. */
#include "base/files/open_input.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int bp_open_input(const char *path, int flags)
{
    int descriptor;
    do
        descriptor = open(path, O_RDONLY | O_CLOEXEC | flags);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

FILE *bp_open_stream(const char *path)
{
    const int descriptor = bp_open_input(path, 0);
    FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "r");
    if (descriptor >= 0 && !stream) {
        const int reason = errno;
        close(descriptor);
        errno = reason;
    }
    return stream;
}
