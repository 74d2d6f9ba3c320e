/* The types of numbers that a safetensors file may hold. */
#ifndef BP_NET_TENSOR_TYPE_H
#define BP_NET_TENSOR_TYPE_H

#include <stddef.h>

struct bp_tensor_type {
    const char *name; /* in the header */
    size_t width;     /* of a number, in bytes */
    /* The number, exactly; NULL for integers and numbers of one byte. */
    double (*load)(const unsigned char *bytes);
};

/* The type of that name, or NULL. */
const struct bp_tensor_type *bp_tensor_type_find(const char *name);

#endif
