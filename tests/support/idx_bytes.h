/* Small IDX files. */
#ifndef BP_TESTS_IDX_BYTES_H
#define BP_TESTS_IDX_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct idx_bytes {
    unsigned char data[512];
    size_t size;
};

/* A header with the type and the dimensions, of which the first 0 ends the list. */
struct idx_bytes idx_header(unsigned char type, uint32_t a, uint32_t b, uint32_t c, uint32_t d);

/* Appends `value`, big-endian, in `size` bytes. */
void idx_append(struct idx_bytes *file, uint64_t value, size_t size);

/* Three images of 2 x 2 bytes: 0 ... 11; and the labels 7, 3, 7. */
struct idx_bytes idx_images(void);
struct idx_bytes idx_labels(void);

#endif
