/* Output neurons become what converters of scikit-learn's models call `label` and `probabilities`,
 * or, of numbers, `variable`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/onnx_file.h"

static struct bp_onnx_name put_doubles(struct bp_onnx_file *file, const char *name, size_t count,
                                       const double *values)
{
    const struct bp_onnx_name constant = bp_onnx_inner_name(&file->graph, "%s", name);
    bp_onnx_put_constant(&file->graph, &(struct bp_onnx_constant){.name = constant.text,
                                                                  .type = BP_ONNX_DOUBLE,
                                                                  .columns = count,
                                                                  .values = values});
    return constant;
}

/* The class as an integer, if it is written as one that is printed: no other text stands for it. */
static bool read_integer(const char *word, int64_t *value)
{
    char *end, again[24];
    errno = 0;
    const long long number = strtoll(word, &end, 10);
    snprintf(again, sizeof again, "%lld", number);
    *value = number;
    return errno == 0 && strcmp(word, again) == 0;
}

/* The classes as a constant: integers if all are, otherwise strings. Returns the type. */
static enum bp_onnx_type put_classes(struct bp_onnx_file *file, const char *name)
{
    const struct bp_schema *schema = file->exported->schema;
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    int64_t *integers = bp_array_alloc(target->neurons, sizeof *integers);
    file->graph.text.failed |= integers == NULL;
    if (!integers)
        return BP_ONNX_STRING;
    size_t k = 0;
    while (k < target->neurons && read_integer(target->category[k], &integers[k]))
        k++;
    const bool all = k == target->neurons;
    if (all)
        bp_onnx_put_constant(&file->graph, &(struct bp_onnx_constant){.name = name,
                                                                      .type = BP_ONNX_INT64,
                                                                      .columns = target->neurons,
                                                                      .values = integers});
    else
        bp_onnx_put_words(&file->graph, name, target->category, target->neurons);
    free(integers);
    return all ? BP_ONNX_INT64 : BP_ONNX_STRING;
}

/* The class of the largest factor * output, the first of equals. */
static void put_label(struct bp_onnx_file *file)
{
    struct bp_onnx_graph *graph = &file->graph;
    const struct bp_onnx_name label = bp_onnx_output_name(graph, "label");
    const struct bp_onnx_name classes = bp_onnx_inner_name(graph, "classes");
    const struct bp_onnx_name best = bp_onnx_inner_name(graph, "best");
    struct bp_onnx_name from = file->outputs;
    if (file->exported->model->factor) {
        const struct bp_onnx_name wide = bp_onnx_inner_name(graph, "wide");
        const struct bp_onnx_name factors = put_doubles(
            file, "factors", file->exported->schema->outputs, file->exported->model->factor);
        from = bp_onnx_inner_name(graph, "decision");
        bp_onnx_cast(graph, file->outputs.text, BP_ONNX_DOUBLE, wide.text);
        bp_onnx_apply(graph, "Mul", wide.text, factors.text, from.text);
    }
    bp_onnx_put_node(graph, &(struct bp_onnx_node){.op = "ArgMax",
                                                   .in = {from.text},
                                                   .out = best.text,
                                                   .number = {{"axis", 1}, {"keepdims", 0}}});
    const enum bp_onnx_type type = put_classes(file, classes.text);
    bp_onnx_apply(graph, "Gather", classes.text, best.text, label.text);
    bp_onnx_put_output(graph, label.text, type, 0);
}

static struct bp_onnx_name put_float(struct bp_onnx_graph *graph, const char *name, float value)
{
    const struct bp_onnx_name constant = bp_onnx_inner_name(graph, "%s", name);
    bp_onnx_put_constant(
        graph,
        &(struct bp_onnx_constant){.name = constant.text, .type = BP_ONNX_FLOAT, .values = &value});
    return constant;
}

/* Outputs above 0 over their sum; where there is none, all classes are as likely. */
static void put_shares(struct bp_onnx_file *file, const char *out)
{
    struct bp_onnx_graph *graph = &file->graph;
    const int64_t axis = 1;
    const float likely = 1.0f / (float)file->exported->schema->outputs;
    const struct bp_onnx_name zero = put_float(graph, "zero", 0.0f);
    const struct bp_onnx_name equal = put_float(graph, "equal", likely);
    const struct bp_onnx_name axes = bp_onnx_inner_name(graph, "axes");
    const struct bp_onnx_name positive = bp_onnx_inner_name(graph, "positive");
    const struct bp_onnx_name total = bp_onnx_inner_name(graph, "total");
    const struct bp_onnx_name none = bp_onnx_inner_name(graph, "none");
    const struct bp_onnx_name shares = bp_onnx_inner_name(graph, "shares");
    bp_onnx_put_constant(
        graph, &(struct bp_onnx_constant){
                   .name = axes.text, .type = BP_ONNX_INT64, .columns = 1, .values = &axis});
    bp_onnx_apply(graph, "Relu", file->outputs.text, NULL, positive.text);
    bp_onnx_apply(graph, "ReduceSum", positive.text, axes.text, total.text);
    bp_onnx_apply(graph, "Equal", total.text, zero.text, none.text);
    bp_onnx_apply(graph, "Div", positive.text, total.text, shares.text);
    bp_onnx_put_node(graph, &(struct bp_onnx_node){.op = "Where",
                                                   .in = {none.text, equal.text, shares.text},
                                                   .out = out});
}

static void put_probabilities(struct bp_onnx_file *file)
{
    struct bp_onnx_graph *graph = &file->graph;
    const struct bp_onnx_name out = bp_onnx_output_name(graph, "probabilities");
    if (file->shares)
        bp_onnx_apply(graph, "Identity", file->outputs.text, NULL, out.text);
    else
        put_shares(file, out.text);
    bp_onnx_put_output(graph, out.text, BP_ONNX_FLOAT, file->exported->schema->outputs);
}

/* What outputs are divided by, or what is added to them, one for each target. */
enum part { SCALE, SHIFT, ORIGIN };

static double part_of(const struct bp_schema_column *target, enum part part)
{
    return part == SCALE   ? (double)target->scale
           : part == SHIFT ? (double)target->shift
                           : target->origin;
}

/* *from becomes *from / scale, + shift, + origin, unless that changes no target. */
static bool put_part(struct bp_onnx_file *file, enum part part, double *values,
                     struct bp_onnx_name *from)
{
    static const char *const names[] = {"scale", "shift", "origin"};
    const struct bp_schema *schema = file->exported->schema;
    bool idle = true;
    for (size_t j = 0; j < schema->outputs; j++) {
        values[j] = part_of(&schema->column[schema->input_columns + j], part);
        idle = idle && values[j] == (part == SCALE ? 1.0 : 0.0);
    }
    if (idle)
        return false;
    const struct bp_onnx_name row = put_doubles(file, names[part], schema->outputs, values);
    const struct bp_onnx_name out = bp_onnx_inner_name(&file->graph, "%s/out", names[part]);
    bp_onnx_apply(&file->graph, part == SCALE ? "Div" : "Add", from->text, row.text, out.text);
    *from = out;
    return true;
}

/* Numbers in the units of the targets: computed in binary64, and, if one of them has an origin,
 * given as that. */
static void put_variable(struct bp_onnx_file *file)
{
    struct bp_onnx_graph *graph = &file->graph;
    const size_t outputs = file->exported->schema->outputs;
    const struct bp_onnx_name out = bp_onnx_output_name(graph, "variable");
    double *values = bp_array_alloc(outputs, sizeof *values);
    struct bp_onnx_name from = bp_onnx_inner_name(graph, "wide");
    graph->text.failed |= values == NULL;
    if (!values)
        return;
    bp_onnx_cast(graph, file->outputs.text, BP_ONNX_DOUBLE, from.text);
    put_part(file, SCALE, values, &from);
    put_part(file, SHIFT, values, &from);
    const bool moved = put_part(file, ORIGIN, values, &from);
    const enum bp_onnx_type type = moved ? BP_ONNX_DOUBLE : BP_ONNX_FLOAT;
    bp_onnx_cast(graph, from.text, type, out.text);
    bp_onnx_put_output(graph, out.text, type, outputs);
    free(values);
}

void bp_onnx_put_answers(struct bp_onnx_file *file)
{
    if (file->exported->schema->task == BP_TASK_CLASSIFY) {
        put_label(file);
        put_probabilities(file);
    } else {
        put_variable(file);
    }
}
