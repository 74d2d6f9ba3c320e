/* Which cells of blocks are the inputs of a schema. */
#ifndef BP_DATA_SAMPLES_BLOCK_INPUTS_H
#define BP_DATA_SAMPLES_BLOCK_INPUTS_H

#include "data/memory/block.h"
#include "data/schema/schema.h"

#define BP_NO_PLACE UINT32_MAX

/* Numbers that lie side by side in a block and go to neurons side by side; or one cell: a category,
 * or a number that has an indicator. */
struct bp_block_run {
    const struct bp_block *block;
    size_t column; /* of the block, the first */
    size_t count;  /* cells */
    size_t neuron; /* of the first cell */
    const struct bp_schema_column *known;
    bool has_origin; /* one of the numbers has */
    uint32_t *place; /* of each code of the block among the categories of `known`, or BP_NO_PLACE;
                        NULL: cells are no codes */
};

struct bp_block_inputs {
    struct bp_block_run *run; /* in the order of the neurons */
    size_t count;
};

/* Keeps both. Columns are matched by name if the schema and every input of the list has names, else
 * by order; targets and weights are left out. On failure `inputs` is zeroed. Errors: INPUT (a
 * column is missing, or of another kind), MEMORY. */
bp_status bp_block_inputs_match(struct bp_block_inputs *inputs, const struct bp_schema *schema,
                                const struct bp_block_list *list, bp_error *error);
void bp_block_inputs_release(struct bp_block_inputs *inputs);

/* The name of a column of a block, as messages call it. */
#define BP_BLOCK_NAME_SIZE 168
const char *bp_block_column_name(const struct bp_block *block, size_t column,
                                 char text[BP_BLOCK_NAME_SIZE]);

#endif
