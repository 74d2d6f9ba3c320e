/* Files that lie, written. Needs nothing of the library. */
#include "support/hostile.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/folder.h"

#define LENGTH_SIZE 8 /* of the length of the header, little-endian */

static void put_length(unsigned char *bytes, uint64_t length)
{
    for (int i = 0; i < LENGTH_SIZE; i++)
        bytes[i] = (unsigned char)(length >> 8 * i);
}

void hostile_put(const char *path, uint64_t claimed, const char *header, size_t length,
                 size_t data_size)
{
    unsigned char *bytes = calloc(1, LENGTH_SIZE + length + data_size);
    cr_assert_not_null(bytes);
    put_length(bytes, claimed);
    memcpy(bytes + LENGTH_SIZE, header, length);
    file_put(path, bytes, LENGTH_SIZE + length + data_size);
    free(bytes);
}

void hostile_edit(const char *path, const char *from, const char *to)
{
    size_t size;
    char *old = file_get(path, &size);
    uint64_t header = 0;
    for (int i = LENGTH_SIZE; i-- > 0;)
        header = header << 8 | (unsigned char)old[i];
    const size_t cut = strlen(from), put = strlen(to);
    size_t at = LENGTH_SIZE;
    while (at + cut <= LENGTH_SIZE + header && memcmp(old + at, from, cut) != 0)
        at++;
    cr_assert_leq(at + cut, LENGTH_SIZE + header, "the header holds no %s", from);
    char *edited = malloc(size + put);
    cr_assert_not_null(edited);
    memcpy(edited, old, at);
    memcpy(edited + at, to, put);
    memcpy(edited + at + put, old + at + cut, size - at - cut);
    put_length((unsigned char *)edited, header - cut + put);
    file_put(path, edited, size - cut + put);
    free(edited);
    free(old);
}
