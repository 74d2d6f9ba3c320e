/* Small IDX files. */
#include "support/idx_bytes.h"

#include <criterion/criterion.h>

void idx_append(struct idx_bytes *file, uint64_t value, size_t size)
{
    cr_assert_leq(file->size + size, sizeof file->data);
    for (size_t k = size; k-- > 0;)
        file->data[file->size++] = (unsigned char)(value >> (8 * k));
}

struct idx_bytes idx_header(unsigned char type, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    const uint32_t dimension[] = {a, b, c, d, 0};
    struct idx_bytes file = {{0}, 0};
    size_t count = 0;
    while (dimension[count] > 0)
        count++;
    idx_append(&file, (uint64_t)type << 8 | count, 4);
    for (size_t k = 0; k < count; k++)
        idx_append(&file, dimension[k], 4);
    return file;
}

struct idx_bytes idx_images(void)
{
    struct idx_bytes file = idx_header(0x08, 3, 2, 2, 0);
    for (uint64_t k = 0; k < 12; k++)
        idx_append(&file, k, 1);
    return file;
}

struct idx_bytes idx_labels(void)
{
    struct idx_bytes file = idx_header(0x08, 3, 0, 0, 0);
    idx_append(&file, 0x070307, 3);
    return file;
}
