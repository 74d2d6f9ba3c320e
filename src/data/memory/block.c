/* Numbers of any type as doubles, which hold all of them but the largest integers. */
#include "data/memory/block.h"

static const size_t sizes[] = {
    [BP_CELL_FLOAT] = sizeof(float),  [BP_CELL_DOUBLE] = sizeof(double),
    [BP_CELL_BYTE] = sizeof(uint8_t), [BP_CELL_INTEGER] = sizeof(int64_t),
    [BP_CELL_CODE] = sizeof(int32_t), [BP_CELL_TEXT] = sizeof(const char *),
};

size_t bp_cell_size(bp_cell_type type)
{
    return sizes[type];
}

/* By memcpy(), because cells may lie on any address. */
#define LOAD(type)                                                                                 \
    for (size_t k = 0; k < count; k++) {                                                           \
        type number;                                                                               \
        memcpy(&number, cell + (ptrdiff_t)k * stride, sizeof number);                              \
        to[k] = (double)number;                                                                    \
    }

void bp_block_load(const struct bp_block *block, const unsigned char *cell, ptrdiff_t stride,
                   size_t count, double *to)
{
    switch (block->type) {
    case BP_CELL_FLOAT:
        LOAD(float)
        return;
    case BP_CELL_DOUBLE:
        LOAD(double)
        return;
    case BP_CELL_BYTE:
        LOAD(uint8_t)
        return;
    case BP_CELL_INTEGER:
        LOAD(int64_t)
        return;
    case BP_CELL_CODE:
    case BP_CELL_TEXT:
        return;
    }
}

double bp_block_number(const struct bp_block *block, size_t row, size_t column)
{
    double number = 0.0;
    bp_block_load(block, bp_block_cell(block, row, column), 0, 1, &number);
    return number;
}
