/* What a caller says of blocks is checked here; their cells are where they are used. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "base/utf8.h"
#include "data/memory/block.h"
#include "data/table/dictionary.h"
#include "data/text/text.h"

void bp_column_block_init(bp_column_block *block, size_t size)
{
    static const bp_column_block defaults = {.role = BP_ROLE_INPUT, .columns = 1};
    bp_sized_init(block, size, &defaults, sizeof defaults);
}

void bp_blocks_init(bp_blocks *blocks, size_t size)
{
    static const bp_blocks defaults = {0};
    bp_sized_init(blocks, size, &defaults, sizeof defaults);
}

/* The order of roles in a table. */
static const bp_column_role roles[] = {BP_ROLE_INPUT, BP_ROLE_WEIGHT, BP_ROLE_TARGET};
#define ROLES (sizeof roles / sizeof roles[0])

static const char *name_role(bp_column_role role)
{
    return role == BP_ROLE_INPUT ? "inputs" : role == BP_ROLE_TARGET ? "targets" : "weights";
}

/* Block `number` of the caller, counted from 1 in messages; all have the size of the first. */
static bp_status copy_block(bp_column_block *full, const bp_blocks *blocks, size_t number,
                            bp_error *error)
{
    const size_t size = blocks->block->size;
    const bp_column_block *asked =
        (const bp_column_block *)(const void *)((const char *)blocks->block + number * size);
    *full = bp_column_block_default();
    if (asked->size != size)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "block %zu has size %zu and the first one %zu: all structs of an array have "
                       "the same size",
                       number + 1, asked->size, size);
    return bp_sized_copy(full, sizeof *full, asked, "bp_column_block", error);
}

static bp_status check_kind(const bp_column_block *block, size_t number, bp_error *error)
{
    if (block->role != BP_ROLE_INPUT && block->role != BP_ROLE_TARGET &&
        block->role != BP_ROLE_WEIGHT)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "block %zu has role %d: it holds inputs, targets or weights", number + 1,
                       (int)block->role);
    if ((unsigned)block->type > BP_CELL_TEXT)
        return bp_fail(error, BP_ERROR_ARGUMENT, "block %zu has cells of type %d, which is none",
                       number + 1, (int)block->type);
    if (!block->data)
        return bp_fail(error, BP_ERROR_ARGUMENT, "block %zu has no data: `data` may not be NULL",
                       number + 1);
    if (block->columns == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "block %zu has 0 columns: there must be 1",
                       number + 1);
    if (block->missing && block->role != BP_ROLE_INPUT)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "block %zu holds %s: only inputs may have missing cells", number + 1,
                       name_role(block->role));
    return BP_OK;
}

/* What the last cell is away from the first; false on overflow. */
static bool find_reach(size_t count, ptrdiff_t stride, size_t *reach)
{
    const size_t step = stride < 0 ? 0 - (size_t)stride : (size_t)stride;
    return bp_size_mul(count - 1, step, reach);
}

static bp_status check_strides(const struct bp_block *block, size_t rows, size_t number,
                               bp_error *error)
{
    size_t down, along, reach;
    if (find_reach(rows, block->row_stride, &down) &&
        find_reach(block->columns, block->column_stride, &along) &&
        bp_size_add(down, along, &reach) && reach <= PTRDIFF_MAX - sizeof(double))
        return BP_OK;
    return bp_fail(
        error, BP_ERROR_ARGUMENT,
        "block %zu: %zu rows of %zu columns with strides of %td and %td bytes do not fit "
        "into memory",
        number + 1, rows, block->columns, block->row_stride, block->column_stride);
}

/* Texts without gaps: not NULL, not empty, UTF-8, no two the same. `what` is "name". */
static bp_status check_texts(const char *const *texts, size_t count, const char *what,
                             size_t number, bp_error *error)
{
    struct bp_dictionary seen = {0};
    bp_status status = BP_OK;
    char word[BP_EXCERPT_SIZE];
    for (size_t k = 0; !status && k < count; k++) {
        const char *text = texts[k];
        const size_t length = text ? strlen(text) : 0;
        uint32_t place;
        if (length == 0)
            status = bp_fail(error, BP_ERROR_ARGUMENT, "block %zu: %s %zu (from 1) is %s",
                             number + 1, what, k + 1, text ? "empty" : "NULL");
        else if (!bp_utf8_check(text, length))
            status = bp_fail(error, BP_ERROR_ARGUMENT, "block %zu: the %s %s is not UTF-8 text",
                             number + 1, what, bp_text_excerpt(word, text, length));
        else if (!bp_dictionary_add(&seen, text, length, &place))
            status = bp_fail_memory(error, "the names of columns");
        else if (place != k)
            status = bp_fail(error, BP_ERROR_ARGUMENT, "block %zu: the %s %s is there twice",
                             number + 1, what, bp_text_excerpt(word, text, length));
    }
    bp_dictionary_release(&seen);
    return status;
}

static bp_status check_categories(const bp_column_block *block, size_t number, bp_error *error)
{
    const bool codes = block->type == BP_CELL_CODE;
    if ((codes || block->categories) &&
        (block->category_count < 1 || block->category_count > BP_CATEGORIES_MAX))
        return bp_fail(error, BP_ERROR_ARGUMENT, "block %zu: %zu categories: there must be 1 to %d",
                       number + 1, block->category_count, BP_CATEGORIES_MAX);
    if (block->categories && !codes && block->type != BP_CELL_TEXT)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "block %zu holds numbers: only codes and texts have categories", number + 1);
    return block->categories
               ? check_texts(block->categories, block->category_count, "category", number, error)
               : BP_OK;
}

static bp_status read_block(struct bp_block *out, const bp_blocks *blocks, size_t number,
                            bp_error *error)
{
    bp_column_block full;
    bp_status status = copy_block(&full, blocks, number, error);
    if (!status)
        status = check_kind(&full, number, error);
    if (!status)
        status = check_categories(&full, number, error);
    if (!status && full.names)
        status = check_texts(full.names, full.columns, "name", number, error);
    if (status)
        return status;
    const bool tight = full.row_stride == 0 && full.column_stride == 0;
    const ptrdiff_t size = (ptrdiff_t)bp_cell_size(full.type);
    size_t row;
    if (!bp_size_mul(full.columns, (size_t)size, &row) || row > PTRDIFF_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "block %zu: %zu columns do not fit into memory",
                       number + 1, full.columns);
    *out = (struct bp_block){
        .role = full.role,
        .type = full.type,
        .data = full.data,
        .columns = full.columns,
        .row_stride = tight || blocks->rows == 1 ? (ptrdiff_t)row : full.row_stride,
        .column_stride = tight || full.columns == 1 ? size : full.column_stride,
        .names = full.names,
        .categories = full.categories,
        .category_count = full.category_count,
        .all_categories = full.all_categories,
        .missing = full.missing,
    };
    return check_strides(out, blocks->rows, number, error);
}

/* Takes the block into the list, after those of its role. */
static bp_status count_block(struct bp_block_list *list, struct bp_block *block, bp_error *error)
{
    size_t *columns = block->role == BP_ROLE_INPUT    ? &list->inputs
                      : block->role == BP_ROLE_WEIGHT ? &list->weights
                                                      : &list->targets;
    block->first = *columns;
    if (block->columns > UINT32_MAX || *columns > UINT32_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu columns are too many", block->columns);
    *columns += block->columns;
    if (block->role == BP_ROLE_INPUT)
        list->named &= block->names != NULL;
    return BP_OK;
}

/* Roles that are given twice, or not at all. */
static bp_status check_roles(const struct bp_block_list *list, bp_error *error)
{
    if (list->inputs == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "samples need at least one input");
    if (list->weights > 1)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%zu columns of weights: a row has one weight at most", list->weights);
    for (size_t k = 0; k < list->count; k++) {
        const struct bp_block *block = &list->block[k];
        if (!bp_block_has_categories(block) || block->role == BP_ROLE_INPUT)
            continue;
        if (block->role == BP_ROLE_WEIGHT)
            return bp_fail(error, BP_ERROR_ARGUMENT, "weights are numbers, not categories");
        if (list->targets > 1)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "%zu columns of targets: classes are one column, numbers any number of "
                           "them",
                           list->targets);
    }
    return BP_OK;
}

/* Moves the blocks to the order of their roles. */
static void sort_blocks(struct bp_block_list *list, const struct bp_block *asked)
{
    size_t next = 0;
    for (size_t r = 0; r < ROLES; r++) {
        for (size_t k = 0; k < list->count; k++) {
            if (asked[k].role == roles[r])
                list->block[next++] = asked[k];
        }
    }
}

static bp_status read_blocks(struct bp_block_list *list, struct bp_block *asked,
                             const bp_blocks *blocks, bp_error *error)
{
    bp_status status = BP_OK;
    for (size_t k = 0; !status && k < list->count; k++) {
        status = read_block(&asked[k], blocks, k, error);
        if (!status)
            status = count_block(list, &asked[k], error);
    }
    if (status)
        return status;
    sort_blocks(list, asked);
    return check_roles(list, error);
}

bp_status bp_block_list_read(struct bp_block_list *list, const bp_blocks *blocks, bp_error *error)
{
    bp_blocks full = bp_blocks_default();
    *list = (struct bp_block_list){.named = true};
    bp_status status = bp_sized_copy(&full, sizeof full, blocks, "bp_blocks", error);
    if (status)
        return status;
    if (full.rows == 0 || full.rows > UINT32_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu samples: there must be 1 to %zu", full.rows,
                       (size_t)UINT32_MAX);
    if (full.count == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "samples need at least one input");
    if (!full.block)
        return bp_fail(error, BP_ERROR_ARGUMENT, "the argument `blocks->block` may not be NULL");
    list->rows = full.rows;
    list->keep = full.keep;
    list->count = full.count;
    list->block = bp_array_alloc(full.count, sizeof *list->block);
    struct bp_block *asked = bp_array_alloc(full.count, sizeof *asked);
    status = list->block && asked ? read_blocks(list, asked, &full, error)
                                  : bp_fail_memory(error, "the blocks of columns");
    free(asked);
    if (status)
        bp_block_list_release(list);
    return status;
}

void bp_block_list_release(struct bp_block_list *list)
{
    free(list->block);
    *list = (struct bp_block_list){0};
}
