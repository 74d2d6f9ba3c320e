/* Names come from lists; data of one row carry them into a model. */
#include "import/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "data/text/names.h"

#define NAME_SIZE 24 /* of a number */

/* The texts of a list that has to be `count` long. `what` is the option, `of` what there are. */
static bp_status read_list(struct bp_list *list, const char *text, size_t count, const char *what,
                           const char *of, bp_error *error)
{
    *list = (struct bp_list){0};
    if (!text)
        return BP_OK;
    const bp_status status = bp_list_parse(list, text, what, error);
    if (status || list->count == count)
        return status;
    return bp_fail(error, BP_ERROR_ARGUMENT, "%s: %zu name%s for %zu %s", what, list->count,
                   list->count == 1 ? "" : "s", count, of);
}

/* "0", "1", ... in one piece of memory, freed as the list is. */
static bool number_classes(struct bp_list *list, size_t count)
{
    list->item = bp_array_alloc(count, sizeof *list->item);
    list->text = bp_array_alloc(count, NAME_SIZE);
    if (!list->item || !list->text)
        return false;
    for (size_t k = 0; k < count; k++) {
        list->item[k] = list->text + k * NAME_SIZE;
        snprintf(list->item[k], NAME_SIZE, "%zu", k);
    }
    list->count = count;
    return true;
}

size_t bp_import_classes(const struct bp_foreign *foreign)
{
    const size_t outputs = foreign->layer[foreign->layers - 1].out;
    return outputs == 1 ? 2 : outputs;
}

/* The lists that there are. */
struct lists {
    struct bp_list inputs, targets, classes;
};

static bp_status read_lists(struct lists *lists, const struct bp_import_columns *columns,
                            const struct bp_foreign *foreign, bp_error *error)
{
    const size_t inputs = foreign->layer[0].in;
    const size_t outputs = foreign->layer[foreign->layers - 1].out;
    const size_t classes = bp_import_classes(foreign);
    *lists = (struct lists){0};
    bp_status status = read_list(&lists->inputs, columns->inputs, inputs, "inputs",
                                 "inputs of the network", error);
    if (!status)
        status = read_list(&lists->targets, columns->targets, columns->classify ? 1 : outputs,
                           "target", columns->classify ? "column of classes" : "outputs", error);
    if (!status && columns->classes)
        status = read_list(&lists->classes, columns->classes, classes, "classes",
                           outputs == 1 ? "classes of one output neuron" : "output neurons", error);
    else if (!status && columns->classify && !number_classes(&lists->classes, classes))
        status = bp_fail_memory(error, "the names of classes");
    return status;
}

static bp_status create(bp_dataset **out, const struct lists *lists, bool classify, size_t inputs,
                        size_t outputs, bp_error *error)
{
    const size_t cells = inputs > outputs ? inputs : outputs;
    float *zeros = calloc(cells, sizeof *zeros); /* a code of a class is 0, too */
    bp_column_block block[2] = {bp_column_block_default(), bp_column_block_default()};
    bp_blocks blocks = bp_blocks_default();
    if (!zeros)
        return bp_fail_memory(error, "the columns of a network");
    const int32_t code = 0;
    block[0].type = BP_CELL_FLOAT;
    block[0].data = zeros;
    block[0].columns = inputs;
    block[0].names = (const char *const *)lists->inputs.item;
    block[1].role = BP_ROLE_TARGET;
    block[1].type = classify ? BP_CELL_CODE : BP_CELL_FLOAT;
    block[1].data = classify ? (const void *)&code : zeros;
    block[1].columns = classify ? 1 : outputs;
    block[1].names = (const char *const *)lists->targets.item;
    block[1].categories = classify ? (const char *const *)lists->classes.item : NULL;
    block[1].category_count = classify ? lists->classes.count : 0;
    block[1].all_categories = classify;
    blocks.rows = 1;
    blocks.block = block;
    blocks.count = 2;
    const bp_status status = bp_dataset_from_blocks(out, &blocks, error);
    free(zeros);
    return status;
}

bp_status bp_import_columns_create(bp_dataset **out, const struct bp_import_columns *columns,
                                   const struct bp_foreign *foreign, bp_error *error)
{
    struct lists lists;
    *out = NULL;
    bp_status status = read_lists(&lists, columns, foreign, error);
    if (!status)
        status = create(out, &lists, columns->classify, foreign->layer[0].in,
                        foreign->layer[foreign->layers - 1].out, error);
    bp_list_release(&lists.inputs);
    bp_list_release(&lists.targets);
    bp_list_release(&lists.classes);
    return status;
}

/* The column of the classes. */
static bp_model_column get_target(const bp_model *model)
{
    bp_model_column column;
    bp_model_get_column(model, bp_model_get_info(model).input_columns, &column, NULL);
    return column;
}

static bp_status place_classes(size_t *place, const bp_model_column *target,
                               const struct bp_list *list, bp_error *error)
{
    if (list->count != target->neurons)
        return bp_fail(error, BP_ERROR_ARGUMENT, "classes: %zu names, and column \"%s\" has %zu",
                       list->count, target->name, target->neurons);
    struct bp_name_index index;
    bp_status status = BP_OK;
    if (!bp_name_index_create(&index, list->count))
        return bp_fail_memory(error, "the classes of a network");
    for (size_t k = 0; k < list->count; k++)
        bp_name_index_add(&index, list->item[k], k);
    bp_name_index_sort(&index);
    for (size_t j = 0; j < target->neurons && !status; j++) {
        place[j] = bp_name_index_find(&index, target->categories[j]);
        if (place[j] == SIZE_MAX)
            status = bp_fail(error, BP_ERROR_ARGUMENT,
                             "classes: column \"%s\" has the class \"%s\", which is not named",
                             target->name, target->categories[j]);
    }
    bp_name_index_release(&index);
    return status;
}

bp_status bp_import_place_classes(size_t **place, const bp_model *model, const char *classes,
                                  bp_error *error)
{
    const bp_model_column target = get_target(model);
    struct bp_list list;
    *place = bp_array_alloc(target.neurons, sizeof **place);
    if (!*place)
        return bp_fail_memory(error, "the classes of a network");
    bp_status status = bp_list_parse(&list, classes, "classes", error);
    if (!status)
        status = place_classes(*place, &target, &list, error);
    bp_list_release(&list);
    return status;
}

static void put_number(FILE *out, double number)
{
    char text[BP_REAL_TEXT_SIZE];
    fputs(bp_real_write(number, false, text), out);
}

/* In quotes, whatever it is. */
static void put_name(FILE *out, const char *name)
{
    fputc('"', out);
    for (; *name; name++) {
        if (*name == '"')
            fputc('"', out);
        fputc(*name, out);
    }
    fputs("\"=", out);
}

static void put_item(FILE *out, const char *name, const struct bp_foreign_scaling *scaling)
{
    put_name(out, name);
    put_number(out, scaling->shift);
    fputc(':', out);
    put_number(out, scaling->scale);
}

/* Classes have no scaling: theirs has to be none. */
static bool are_plain(const struct bp_foreign *foreign)
{
    for (size_t j = 0; j < foreign->layer[foreign->layers - 1].out; j++)
        if (foreign->outputs[j].shift != 0 || foreign->outputs[j].scale != 1)
            return false;
    return true;
}

/* Whether the neurons of an input column have one scaling, which is that of the column; a neuron
 * that tells of missing cells takes none. */
static bool is_one(const bp_model_column *column, const struct bp_foreign *foreign)
{
    const struct bp_foreign_scaling *inputs = foreign->inputs + column->first;
    for (size_t i = 1; i < column->neurons; i++)
        if (inputs[i].shift != inputs[0].shift || inputs[i].scale != inputs[0].scale)
            return false;
    return !column->indicator;
}

/* Error: INPUT, of a column that cannot have the scaling of the file. */
static bp_status put_scaling(FILE *out, const bp_model *model, const struct bp_foreign *foreign,
                             bp_error *error)
{
    const bp_model_info info = bp_model_get_info(model);
    for (size_t c = 0; c < info.input_columns + info.target_columns; c++) {
        bp_model_column column;
        bp_model_get_column(model, c, &column, NULL);
        const bool is_input = c < info.input_columns;
        if (column.categories && !is_input && are_plain(foreign))
            return BP_OK;
        if (column.categories)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: has a scaling of each input and output (scale_included=1), and "
                           "column \"%s\" is a category, which has none",
                           foreign->path, column.name);
        if (is_input && !is_one(&column, foreign))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: has a scaling of each input (scale_included=1), and column \"%s\" "
                           "has %zu input neurons, which have one together",
                           foreign->path, column.name, column.neurons);
        if (c > 0)
            fputc(',', out);
        put_item(out, column.name,
                 is_input ? &foreign->inputs[column.first]
                          : &foreign->outputs[c - info.input_columns]);
    }
    return BP_OK;
}

bp_status bp_import_write_scaling(char **text, const bp_model *model,
                                  const struct bp_foreign *foreign, bp_error *error)
{
    size_t size;
    *text = NULL;
    FILE *out = open_memstream(text, &size);
    if (!out)
        return bp_fail_memory(error, "the scaling of a network");
    const bp_status status = put_scaling(out, model, foreign, error);
    const bool failed = ferror(out);
    if (fclose(out) != 0 || failed || !*text) /* which glibc does not call a failure */
        return bp_fail_memory(error, "the scaling of a network");
    return status;
}
