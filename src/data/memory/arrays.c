/* The simple form of blocks: one of inputs, and one of targets or labels. */
#include "base/sized.h"
#include "data/table/table.h"

void bp_arrays_init(bp_arrays *arrays, size_t size)
{
    static const bp_arrays defaults = {0};
    bp_sized_init(arrays, size, &defaults, sizeof defaults);
}

/* What excludes each other. */
static bp_status check_choice(const bp_arrays *arrays, bp_error *error)
{
    const bool targets = arrays->targets || arrays->wide_targets;
    if (arrays->inputs == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "samples need at least one input");
    if (!arrays->wide_input)
        BP_REQUIRE(arrays->input, error);
    if ((arrays->input && arrays->wide_input) || (arrays->targets && arrays->wide_targets))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "floats and doubles exclude each other: give one array of inputs, and of "
                       "targets");
    if (targets && arrays->labels)
        return bp_fail(error, BP_ERROR_ARGUMENT, "targets and labels exclude each other");
    if ((arrays->outputs > 0) != targets)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%zu outputs: there must be at least one with targets, and none without",
                       arrays->outputs);
    if (arrays->labels && (arrays->classes < 1 || arrays->classes > BP_CLASSES_MAX))
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu classes: there must be 1 to %d",
                       arrays->classes, BP_CLASSES_MAX);
    if (!arrays->labels && arrays->classes > 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu classes, but no labels", arrays->classes);
    return BP_OK;
}

/* Labels reach further than codes. */
static bp_status check_labels(const bp_arrays *arrays, bp_error *error)
{
    for (size_t x = 0; x < arrays->count; x++)
        if (arrays->labels[x] >= arrays->classes)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "the label of sample %zu (from 1) is %lu, but there are %zu classes, "
                           "from 0",
                           x + 1, (unsigned long)arrays->labels[x], arrays->classes);
    return BP_OK;
}

static bp_column_block describe_numbers(const float *floats, const double *doubles, size_t columns,
                                        bp_column_role role)
{
    bp_column_block block = bp_column_block_default();
    block.role = role;
    block.type = floats ? BP_CELL_FLOAT : BP_CELL_DOUBLE;
    block.data = floats ? (const void *)floats : doubles;
    block.columns = columns;
    return block;
}

/* All classes count, whether a sample has them or not. */
static bp_column_block describe_labels(const bp_arrays *arrays)
{
    bp_column_block block = bp_column_block_default();
    block.role = BP_ROLE_TARGET;
    block.type = BP_CELL_CODE;
    block.data = arrays->labels;
    block.category_count = arrays->classes;
    block.all_categories = true;
    return block;
}

static bp_status create(bp_dataset **out, const bp_arrays *arrays, bp_error *error)
{
    bp_column_block block[2] = {
        describe_numbers(arrays->input, arrays->wide_input, arrays->inputs, BP_ROLE_INPUT)};
    bp_blocks blocks = bp_blocks_default();
    blocks.rows = arrays->count;
    blocks.block = block;
    blocks.count = 1;
    if (arrays->labels)
        block[blocks.count++] = describe_labels(arrays);
    else if (arrays->outputs > 0)
        block[blocks.count++] = describe_numbers(arrays->targets, arrays->wide_targets,
                                                 arrays->outputs, BP_ROLE_TARGET);
    return bp_dataset_from_blocks(out, &blocks, error);
}

bp_status bp_dataset_from_arrays(bp_dataset **out, const bp_arrays *arrays, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(arrays, error);
    bp_arrays full = bp_arrays_default();
    bp_status status = bp_sized_copy(&full, sizeof full, arrays, "bp_arrays", error);
    if (!status)
        status = check_choice(&full, error);
    if (!status && full.labels)
        status = check_labels(&full, error);
    return status ? status : create(out, &full, error);
}
