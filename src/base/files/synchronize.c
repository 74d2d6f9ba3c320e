/* fsync() for files and folders. */
#include "base/files/synchronize.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/files/open_input.h"

/* Again only if a signal came between: after a failed write-back the kernel forgets the bytes, and
 * a second call would report success. */
bool bp_synchronize(int descriptor)
{
    int result;
    do {
        result = fsync(descriptor);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

bool bp_synchronize_folder(const char *folder)
{
    const int descriptor = bp_open_input(folder, O_DIRECTORY);
    if (descriptor < 0)
        return true;
    const bool done = bp_synchronize(descriptor) || errno == EINVAL || errno == ENOTSUP;
    const int reason = errno;
    close(descriptor);
    errno = reason;
    return done;
}
