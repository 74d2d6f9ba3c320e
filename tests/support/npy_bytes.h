/* Small NPY files. */
#ifndef BP_TESTS_NPY_BYTES_H
#define BP_TESTS_NPY_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct npy_bytes {
    unsigned char data[1024];
    size_t size;
};

/* Magic, version `major`.0 and the dictionary as NumPy pads it: to 64 bytes, the last of them
 * LF. */
struct npy_bytes npy_begin(unsigned major, const char *dictionary);

/* The same for an array in C order, version 1.0: npy_header("<f4", "2, 3"). */
struct npy_bytes npy_header(const char *type, const char *shape);

/* Appends the low `size` bytes of `bits`, the lowest first. */
void npy_append(struct npy_bytes *file, uint64_t bits, size_t size);
void npy_append_float(struct npy_bytes *file, float value);

/* A whole file of type "<f4" or "|u1". */
struct npy_bytes npy_floats(const char *shape, size_t count, const float *values);
struct npy_bytes npy_bytes(const char *shape, size_t count, const uint8_t *values);

/* The bytes of a file of "<f4" that a dataset maps: all of it, or none where a number in memory has
 * its highest byte first. */
size_t npy_mapped(const struct npy_bytes *file);

#endif
