/*
 * Columns become neurons. Number columns that follow each other are one matrix, so that a table of
 * them takes a few nodes: missing cells are filled, then (cell - shift) * scale. An indicator is
 * its column a second time, of which only whether the cell is missing is taken.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "export/onnx_file.h"

struct columns {
    struct bp_onnx_file *file;
    struct bp_onnx_names blocks; /* matrices of neurons, in order */
    struct bp_onnx_names run;    /* columns of the matrix of numbers that is being collected */
    size_t width;                /* its neurons */
    float *shift, *scale, *fill; /* of them */
    unsigned char *tells;        /* 1: the neuron is an indicator */
    bool any_tells;
};

static struct bp_onnx_name name_step(const struct columns *columns, const char *step)
{
    return bp_onnx_inner_name(&columns->file->graph, "numbers%zu/%s", columns->blocks.count, step);
}

/* A constant for each neuron of the run, or one where all are the same. */
static struct bp_onnx_name put_row(struct columns *columns, const char *step, const float *values)
{
    const struct bp_onnx_name name = name_step(columns, step);
    size_t same = 1;
    while (same < columns->width && values[same] == values[0])
        same++;
    bp_onnx_put_constant(
        &columns->file->graph,
        &(struct bp_onnx_constant){.name = name.text,
                                   .type = BP_ONNX_FLOAT,
                                   .columns = same == columns->width ? 1 : columns->width,
                                   .values = values});
    return name;
}

/* *from becomes *from `op` a row of constants, unless all of them are `idle`. */
static void put_scaling(struct columns *columns, const char *op, const float *values, float idle,
                        struct bp_onnx_name *from)
{
    size_t same = 0;
    while (same < columns->width && values[same] == idle)
        same++;
    if (same == columns->width)
        return;
    const bool shifts = op[0] == 'S';
    const struct bp_onnx_name row = put_row(columns, shifts ? "shift" : "scale", values);
    const struct bp_onnx_name out = name_step(columns, shifts ? "shifted" : "scaled");
    bp_onnx_apply(&columns->file->graph, op, from->text, row.text, out.text);
    *from = out;
}

/* Missing cells of the run, as truth values; *from becomes the run without them. */
static struct bp_onnx_name put_fill(struct columns *columns, struct bp_onnx_name *from)
{
    struct bp_onnx_graph *graph = &columns->file->graph;
    const struct bp_onnx_name missing = name_step(columns, "missing");
    const struct bp_onnx_name filled = name_step(columns, "filled");
    const struct bp_onnx_name fill = put_row(columns, "fill", columns->fill);
    bp_onnx_apply(graph, "IsNaN", from->text, NULL, missing.text);
    bp_onnx_put_node(graph, &(struct bp_onnx_node){.op = "Where",
                                                   .in = {missing.text, fill.text, from->text},
                                                   .out = filled.text});
    *from = filled;
    return missing;
}

static void put_indicators(struct columns *columns, const struct bp_onnx_name *missing,
                           struct bp_onnx_name *from)
{
    struct bp_onnx_graph *graph = &columns->file->graph;
    const struct bp_onnx_name flags = name_step(columns, "flags");
    const struct bp_onnx_name tells = name_step(columns, "indicator");
    const struct bp_onnx_name told = name_step(columns, "told");
    bp_onnx_cast(graph, missing->text, BP_ONNX_FLOAT, flags.text);
    bp_onnx_put_constant(graph, &(struct bp_onnx_constant){.name = tells.text,
                                                           .type = BP_ONNX_BOOL,
                                                           .columns = columns->width,
                                                           .values = columns->tells});
    bp_onnx_put_node(graph, &(struct bp_onnx_node){.op = "Where",
                                                   .in = {tells.text, flags.text, from->text},
                                                   .out = told.text});
    *from = told;
}

/* All of a list beside each other; one of them alone is there already. */
static struct bp_onnx_name put_together(struct bp_onnx_graph *graph,
                                        const struct bp_onnx_names *list,
                                        const struct bp_onnx_name *out)
{
    bp_onnx_put_node(graph,
                     &(struct bp_onnx_node){.op = list->count == 1 ? "Identity" : "Concat",
                                            .list = list,
                                            .out = out->text,
                                            .number = {{list->count == 1 ? NULL : "axis", 1}}});
    return *out;
}

/* The numbers that were collected become a block. */
static void end_run(struct columns *columns)
{
    struct bp_onnx_graph *graph = &columns->file->graph;
    if (columns->width == 0)
        return;
    const struct bp_onnx_name cells = name_step(columns, "cells");
    struct bp_onnx_name missing, from = put_together(graph, &columns->run, &cells);
    const bool fills = columns->file->exported->schema->missing != BP_MISSING_ERROR;
    if (fills)
        missing = put_fill(columns, &from);
    put_scaling(columns, "Sub", columns->shift, 0.0f, &from);
    put_scaling(columns, "Mul", columns->scale, 1.0f, &from);
    if (fills && columns->any_tells)
        put_indicators(columns, &missing, &from);
    bp_onnx_names_add(graph, &columns->blocks, from.text);
    bp_onnx_names_release(&columns->run);
    columns->width = 0;
    columns->any_tells = false;
}

/* Numbers less their origin, which is taken away in binary64. */
static struct bp_onnx_name put_origin(struct bp_onnx_graph *graph,
                                      const struct bp_export_column *column)
{
    const struct bp_onnx_name origin = bp_onnx_inner_name(graph, "column%zu/origin", column->index);
    const struct bp_onnx_name less = bp_onnx_inner_name(graph, "column%zu/less", column->index);
    const struct bp_onnx_name cells = bp_onnx_inner_name(graph, "column%zu/cells", column->index);
    bp_onnx_put_constant(graph, &(struct bp_onnx_constant){.name = origin.text,
                                                           .type = BP_ONNX_DOUBLE,
                                                           .values = &column->schema->origin});
    bp_onnx_apply(graph, "Sub", column->schema->name, origin.text, less.text);
    bp_onnx_cast(graph, less.text, BP_ONNX_FLOAT, cells.text);
    return cells;
}

static void add_neurons(struct columns *columns, const struct bp_schema_column *schema,
                        size_t count, bool tells)
{
    for (size_t k = 0; k < count; k++, columns->width++) {
        columns->shift[columns->width] = schema->shift;
        columns->scale[columns->width] = schema->scale;
        columns->fill[columns->width] = schema->fill;
        columns->tells[columns->width] = tells;
    }
    columns->any_tells |= tells;
}

/* The indicator of several cells is that of the last one. */
static struct bp_onnx_name put_last_cell(struct bp_onnx_graph *graph,
                                         const struct bp_export_column *column, const char *cells)
{
    const int64_t last = (int64_t)column->cells - 1;
    const struct bp_onnx_name index = bp_onnx_inner_name(graph, "column%zu/last", column->index);
    const struct bp_onnx_name out = bp_onnx_inner_name(graph, "column%zu/cell", column->index);
    bp_onnx_put_constant(
        graph, &(struct bp_onnx_constant){
                   .name = index.text, .type = BP_ONNX_INT64, .columns = 1, .values = &last});
    bp_onnx_put_node(graph, &(struct bp_onnx_node){.op = "Gather",
                                                   .in = {cells, index.text},
                                                   .out = out.text,
                                                   .number = {{"axis", 1}}});
    return out;
}

static void put_number(void *format, const struct bp_export_column *column)
{
    struct columns *columns = format;
    struct bp_onnx_graph *graph = &columns->file->graph;
    const struct bp_schema_column *schema = column->schema;
    const bool moved = schema->origin != 0;
    struct bp_onnx_name from;
    bp_onnx_put_input(graph, schema->name, moved ? BP_ONNX_DOUBLE : BP_ONNX_FLOAT, column->cells);
    if (moved)
        from = put_origin(graph, column);
    const char *cells = moved ? from.text : schema->name;
    bp_onnx_names_add(graph, &columns->run, cells);
    add_neurons(columns, schema, column->cells, false);
    if (!schema->indicator)
        return;
    struct bp_onnx_name last;
    if (column->cells > 1)
        last = put_last_cell(graph, column, cells);
    bp_onnx_names_add(graph, &columns->run, column->cells > 1 ? last.text : cells);
    add_neurons(columns, schema, 1, true);
}

/* A category that is not known, the missing one with it: an error, or no category at all, or the
 * most frequent one. */
static void put_category(void *format, const struct bp_export_column *column)
{
    struct columns *columns = format;
    struct bp_onnx_graph *graph = &columns->file->graph;
    const struct bp_schema_column *schema = column->schema;
    const bp_unknown unknown = columns->file->exported->options.unknown;
    const struct bp_onnx_name known = bp_onnx_inner_name(graph, "column%zu/known", column->index);
    const struct bp_onnx_name ones = bp_onnx_inner_name(graph, "column%zu/ones", column->index);
    const struct bp_onnx_name out = bp_onnx_inner_name(graph, "column%zu/neurons", column->index);
    const char *from = schema->name;
    end_run(columns);
    bp_onnx_put_input(graph, schema->name, BP_ONNX_STRING, 1);
    if (unknown == BP_UNKNOWN_MOST_FREQUENT) {
        bp_onnx_put_node(
            graph,
            &(struct bp_onnx_node){
                .op = "LabelEncoder",
                .learned = true,
                .in = {from},
                .out = known.text,
                .words = {{"keys_strings", schema->category}, {"values_strings", schema->category}},
                .count = schema->neurons,
                .word = {"default_string", schema->category[schema->most_frequent]}});
        from = known.text;
    }
    bp_onnx_put_node(graph,
                     &(struct bp_onnx_node){.op = "OneHotEncoder",
                                            .learned = true,
                                            .in = {from},
                                            .out = ones.text,
                                            .number = {{"zeros", unknown != BP_UNKNOWN_ERROR}},
                                            .words = {{"cats_strings", schema->category}},
                                            .count = schema->neurons});
    bp_onnx_put_node(
        graph, &(struct bp_onnx_node){
                   .op = "Flatten", .in = {ones.text}, .out = out.text, .number = {{"axis", 1}}});
    bp_onnx_names_add(graph, &columns->blocks, out.text);
}

static void release(struct columns *columns)
{
    bp_onnx_names_release(&columns->blocks);
    bp_onnx_names_release(&columns->run);
    free(columns->shift);
    free(columns->scale);
    free(columns->fill);
    free(columns->tells);
}

bp_status bp_onnx_put_columns(struct bp_onnx_file *file, bp_error *error)
{
    static const struct bp_export_steps steps = {.number = put_number, .category = put_category};
    const size_t inputs = file->exported->schema->inputs;
    struct columns columns = {
        .file = file,
        .shift = bp_array_alloc(inputs, sizeof *columns.shift),
        .scale = bp_array_alloc(inputs, sizeof *columns.scale),
        .fill = bp_array_alloc(inputs, sizeof *columns.fill),
        .tells = bp_array_alloc(inputs, sizeof *columns.tells),
    };
    const bool complete = columns.shift && columns.scale && columns.fill && columns.tells;
    if (complete) {
        bp_export_walk_columns(file->exported, &steps, &columns);
        end_run(&columns);
        file->inputs = bp_onnx_inner_name(&file->graph, "inputs");
        put_together(&file->graph, &columns.blocks, &file->inputs);
    }
    release(&columns);
    return complete ? BP_OK : bp_fail_memory(error, "the scaling of inputs");
}
