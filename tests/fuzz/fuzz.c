/* Parts of inputs, and files made of them. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 64

void fuzz_fail(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, what);
    abort();
}

unsigned fuzz_byte(struct fuzz_input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

char *fuzz_text(const struct fuzz_input *input)
{
    const uint8_t *nul = input->size ? memchr(input->data, '\0', input->size) : NULL;
    const size_t length = nul ? (size_t)(nul - input->data) : input->size;
    char *text = malloc(length + 1);
    FUZZ_REQUIRE(text != NULL);
    if (length > 0)
        memcpy(text, input->data, length);
    text[length] = '\0';
    return text;
}

/* A new file, in memory where there is such a folder. */
static int create_file(char path[PATH_SIZE])
{
    static const char *const folders[] = {"/dev/shm", "/tmp"};
    int file = -1;
    for (size_t k = 0; file < 0 && k < sizeof folders / sizeof *folders; k++) {
        snprintf(path, PATH_SIZE, "%s/batchprop-fuzz-XXXXXX", folders[k]);
        file = mkstemp(path);
    }
    FUZZ_REQUIRE(file >= 0);
    return file;
}

static void fill(int file, const void *data, size_t size)
{
    FUZZ_REQUIRE(size == 0 || pwrite(file, data, size, 0) == (ssize_t)size);
    FUZZ_REQUIRE(ftruncate(file, (off_t)size) == 0);
}

const char *fuzz_file(const void *data, size_t size)
{
    static int file = -1;
    static char path[PATH_SIZE];
    if (file < 0) {
        file = create_file(path);
        unlink(path);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    fill(file, data, size);
    return path;
}

const char *fuzz_named_file(const void *data, size_t size)
{
    static char path[PATH_SIZE];
    const int file = create_file(path);
    fill(file, data, size);
    close(file);
    return path;
}
