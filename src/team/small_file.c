#include "team/small_file.h"

#include <errno.h>
#include <unistd.h>

#include "base/files/open_input.h"

bool bp_small_file_read(const char *path, char *text, size_t size)
{
    const int descriptor = bp_open_input(path, 0);
    if (descriptor < 0)
        return false;
    size_t count = 0;
    ssize_t got = 1;
    while (got != 0 && count < size - 1) {
        got = read(descriptor, text + count, size - 1 - count);
        if (got > 0)
            count += (size_t)got;
        else if (got < 0 && errno != EINTR)
            break;
    }
    close(descriptor);
    text[count] = '\0';
    return got >= 0 && count > 0;
}
