/* As match.c and match_order.c for tables, but what is matched has no table. */
#include "data/samples/block_inputs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/samples/bind.h"
#include "data/text/names.h"
#include "data/text/text.h"

/* A column of the blocks. */
struct source {
    const struct bp_block *block;
    size_t column;
};

struct matching {
    const struct bp_schema *schema;
    const struct bp_block_list *list;
    struct source *source; /* of each column of inputs */
    size_t *cell;          /* of each cell of the schema: its column of inputs */
    size_t cells;
};

const char *bp_block_column_name(const struct bp_block *block, size_t column,
                                 char text[BP_BLOCK_NAME_SIZE])
{
    if (block->names)
        return bp_text_excerpt(text, block->names[column], strlen(block->names[column]));
    snprintf(text, BP_BLOCK_NAME_SIZE, "\"x%zu\"", block->first + column + 1);
    return text;
}

static bool list_sources(struct matching *matching)
{
    const struct bp_block_list *list = matching->list;
    matching->source = bp_array_alloc(list->inputs, sizeof *matching->source);
    for (size_t k = 0; matching->source && k < list->count; k++) {
        const struct bp_block *block = &list->block[k];
        for (size_t c = 0; block->role == BP_ROLE_INPUT && c < block->columns; c++)
            matching->source[block->first + c] = (struct source){block, c};
    }
    return matching->source != NULL;
}

static bp_status fail_missing(const struct bp_name_index *index,
                              const struct bp_schema_column *column, bp_error *error)
{
    const char *nearest = bp_name_index_nearest(index, column->name);
    if (nearest)
        return bp_fail(error, BP_ERROR_INPUT,
                       "memory: column \"%s\" is missing, input of the model: is it called \"%s\"?",
                       column->name, nearest);
    return bp_fail(error, BP_ERROR_INPUT, "memory: column \"%s\" is missing, input of the model",
                   column->name);
}

static bp_status match_names(struct matching *matching, bp_error *error)
{
    const struct bp_block_list *list = matching->list;
    struct bp_name_index index;
    if (!bp_name_index_create(&index, list->inputs))
        return bp_fail_memory(error, "the names of columns");
    for (size_t c = 0; c < list->inputs; c++) {
        const struct source *source = &matching->source[c];
        bp_name_index_add(&index, source->block->names[source->column], c);
    }
    bp_name_index_sort(&index);
    bp_status status = BP_OK;
    for (size_t k = 0; !status && k < matching->schema->input_columns; k++) {
        const struct bp_schema_column *column = &matching->schema->column[k];
        matching->cell[k] = bp_name_index_find(&index, column->name);
        if (matching->cell[k] == SIZE_MAX)
            status = fail_missing(&index, column, error);
    }
    bp_name_index_release(&index);
    return status;
}

/* Models that find columns by name have one cell a column. */
static bp_status match_cells(struct matching *matching, bp_error *error)
{
    const struct bp_schema *schema = matching->schema;
    const size_t inputs = matching->list->inputs;
    for (size_t k = 0; k < schema->input_columns; k++)
        matching->cells += bp_schema_column_cells(&schema->column[k]);
    matching->cell = bp_array_alloc(matching->cells, sizeof *matching->cell);
    if (!matching->cell || !list_sources(matching))
        return bp_fail_memory(error, "the columns of a model");
    if (schema->has_names && matching->list->named)
        return match_names(matching, error);
    if (inputs != matching->cells)
        return bp_fail(error, BP_ERROR_INPUT,
                       "memory: a sample has %zu input%s, the model needs %zu", inputs,
                       inputs == 1 ? "" : "s", matching->cells);
    for (size_t c = 0; c < inputs; c++)
        matching->cell[c] = c;
    return BP_OK;
}

static bp_status check_kind(const struct bp_block_run *run, bp_error *error)
{
    char name[BP_BLOCK_NAME_SIZE];
    const struct bp_schema_column *known = run->known;
    if (known->kind == BP_COLUMN_NUMBER && bp_block_has_categories(run->block))
        return bp_fail(error, BP_ERROR_INPUT,
                       "memory: column %s holds categories, and numbers in the training data",
                       bp_block_column_name(run->block, run->column, name));
    if (known->kind == BP_COLUMN_CATEGORY && !bp_block_has_categories(run->block) &&
        bp_categories_have_other_numerals(known))
        return bp_fail_numerals("memory", known, error);
    return BP_OK;
}

/* The place of each code. */
static bool find_places(struct bp_block_run *run)
{
    const struct bp_block *block = run->block;
    const struct bp_schema_column *known = run->known;
    run->place = bp_array_alloc(block->category_count, sizeof *run->place);
    for (size_t k = 0; run->place && k < block->category_count; k++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", k);
        const char *name = block->categories ? block->categories[k] : number;
        const size_t place = bp_names_find(known->category, known->neurons, name);
        run->place[k] = place < known->neurons ? (uint32_t)place : BP_NO_PLACE;
    }
    return run->place != NULL;
}

/* Whether the next cell goes on with a run. */
static bool goes_on(const struct bp_block_run *run, const struct source *source,
                    const struct bp_schema_column *known, size_t neuron)
{
    return run && run->block == source->block && run->column + run->count == source->column &&
           run->neuron + run->count == neuron && !run->known->indicator && !known->indicator &&
           run->known->kind == BP_COLUMN_NUMBER && known->kind == BP_COLUMN_NUMBER;
}

static bp_status add_cell(struct bp_block_inputs *inputs, const struct source *source,
                          const struct bp_schema_column *known, size_t neuron, bp_error *error)
{
    struct bp_block_run *last = inputs->count > 0 ? &inputs->run[inputs->count - 1] : NULL;
    if (goes_on(last, source, known, neuron)) {
        last->count++;
        last->has_origin |= known->origin != 0.0;
        return bp_block_has_categories(source->block) ? check_kind(last, error) : BP_OK;
    }
    struct bp_block_run *run = &inputs->run[inputs->count++];
    *run = (struct bp_block_run){.block = source->block,
                                 .column = source->column,
                                 .count = 1,
                                 .neuron = neuron,
                                 .known = known,
                                 .has_origin = known->origin != 0.0};
    const bp_status status = check_kind(run, error);
    if (status || known->kind == BP_COLUMN_NUMBER || source->block->type != BP_CELL_CODE)
        return status;
    return find_places(run) ? BP_OK : bp_fail_memory(error, "the categories of a column");
}

static bp_status add_cells(struct bp_block_inputs *inputs, const struct matching *matching,
                           bp_error *error)
{
    const struct bp_schema *schema = matching->schema;
    size_t next = 0;
    inputs->run = bp_array_alloc(matching->cells, sizeof *inputs->run);
    bp_status status = inputs->run ? BP_OK : bp_fail_memory(error, "the columns of a model");
    for (size_t k = 0; !status && k < schema->input_columns; k++) {
        const struct bp_schema_column *known = &schema->column[k];
        for (size_t i = 0; !status && i < bp_schema_column_cells(known); i++)
            status = add_cell(inputs, &matching->source[matching->cell[next++]], known,
                              known->first + i, error);
    }
    return status;
}

bp_status bp_block_inputs_match(struct bp_block_inputs *inputs, const struct bp_schema *schema,
                                const struct bp_block_list *list, bp_error *error)
{
    struct matching matching = {.schema = schema, .list = list};
    *inputs = (struct bp_block_inputs){0};
    bp_status status = match_cells(&matching, error);
    if (!status)
        status = add_cells(inputs, &matching, error);
    free(matching.source);
    free(matching.cell);
    if (status)
        bp_block_inputs_release(inputs);
    return status;
}

void bp_block_inputs_release(struct bp_block_inputs *inputs)
{
    for (size_t k = 0; k < inputs->count; k++)
        free(inputs->run[k].place);
    free(inputs->run);
    *inputs = (struct bp_block_inputs){0};
}
