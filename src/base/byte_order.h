/* Numbers as bytes in a stated order, on every machine. Where the orders agree, compilers turn
 * these into plain loads and stores. */
#ifndef BP_BASE_BYTE_ORDER_H
#define BP_BASE_BYTE_ORDER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The `size` <= 8 low bytes of a number, the lowest first. */
static inline void bp_store_little(unsigned char *bytes, uint64_t number, size_t size)
{
    for (size_t k = 0; k < size; k++)
        bytes[k] = (unsigned char)(number >> 8 * k);
}

static inline uint64_t bp_load_little(const unsigned char *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t k = 0; k < size; k++)
        number |= (uint64_t)bytes[k] << 8 * k;
    return number;
}

/* The highest byte first. */
static inline uint64_t bp_load_big(const unsigned char *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t k = 0; k < size; k++)
        number = number << 8 | bytes[k];
    return number;
}

/* A binary32, the lowest byte first. */
static inline void bp_store_float(unsigned char bytes[4], float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bp_store_little(bytes, bits, sizeof bits);
}

static inline float bp_load_float(const unsigned char bytes[4])
{
    const uint32_t bits = (uint32_t)bp_load_little(bytes, sizeof bits);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
