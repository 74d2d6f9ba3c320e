/* Numbers as the bytes of a model file: binary32 and 64-bit lengths, least significant byte first,
 * on every machine. Compilers turn these into plain loads and stores where the orders agree. */
#ifndef BP_NET_LITTLE_ENDIAN_H
#define BP_NET_LITTLE_ENDIAN_H

#include <stdint.h>
#include <string.h>

static inline void bp_store_float(unsigned char bytes[4], float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(bits >> 8 * i);
}

static inline float bp_load_float(const unsigned char bytes[4])
{
    uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                    (uint32_t)bytes[3] << 24;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void bp_store_length(unsigned char bytes[8], uint64_t length)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(length >> 8 * i);
}

static inline uint64_t bp_load_length(const unsigned char bytes[8])
{
    uint64_t length = 0;
    for (int i = 0; i < 8; i++)
        length |= (uint64_t)bytes[i] << 8 * i;
    return length;
}

#endif
