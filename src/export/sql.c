/*
 * The format sql: one query, a stage for each step, of which each reads the one before. A row of a
 * stage holds
 *   k0, k1, ...  what tells rows apart: the id, else the input columns
 *   x0, x1, ...  input neurons, as long as a network needs them
 *   s0, s1, ...  sums of the outputs of several networks
 *   n, t, e, o   a number for each neuron of a layer, on the way to its output
 * MATERIALIZED keeps a database from writing a stage into each place where the next one names it.
 */
#include "export/formats.h"
#include "export/sql_layer.h"
#include "export/sql_names.h"

static void put_keys(struct bp_sql_query *query, bool from_table)
{
    const struct bp_schema *schema = query->exported->schema;
    const char *id = schema->reading.id;
    for (size_t k = 0; k < (id ? 1 : schema->input_columns); k++) {
        const char *name = id ? id : schema->column[k].name;
        bp_export_put(query->text, k == 0 ? "\n  " : ", ");
        if (from_table) {
            bp_sql_put_column(query, name);
            bp_export_put(query->text, " AS ");
        }
        bp_export_put(query->text, "k%zu", k);
        if (!from_table && query->ends) {
            bp_export_put(query->text, " AS ");
            bp_sql_put_name(query->text, name);
        }
    }
}

void bp_sql_begin_stage(struct bp_sql_query *query)
{
    const struct bp_schema *schema = query->exported->schema;
    bp_export_put(query->text, query->stage == 0 ? "WITH" : ",\n");
    bp_export_put(query->text, " _%zu AS MATERIALIZED (SELECT", ++query->stage);
    put_keys(query, query->stage == 1);
    for (size_t i = 0; query->keeps_inputs && i < schema->inputs; i++)
        bp_export_put(query->text, "%s x%zu", i == 0 ? ",\n " : ",", i);
    for (size_t j = 0; query->keeps_sums && j < schema->outputs; j++)
        bp_export_put(query->text, "%s s%zu", j == 0 ? ",\n " : ",", j);
}

void bp_sql_end_stage(struct bp_sql_query *query)
{
    if (query->stage > 1)
        bp_export_put(query->text, "\n FROM _%zu)", query->stage - 1);
    else
        bp_export_put(query->text, "\n FROM \"%s\")", query->exported->name);
}

/* An empty text is no number, of which SQLite makes 0. */
static void take_number(void *format, const struct bp_export_column *column)
{
    struct bp_sql_query *query = format;
    bp_export_put(query->text, ",\n  CASE WHEN CAST(");
    bp_sql_put_column(query, column->schema->name);
    bp_export_put(query->text, " AS TEXT) <> '' THEN CAST(");
    bp_sql_put_column(query, column->schema->name);
    bp_export_put(query->text, " AS DOUBLE PRECISION) END AS c%zu", column->index);
}

/* The number of a category; a text that is missing counts as an empty one. */
static void take_text(void *format, const struct bp_export_column *column)
{
    struct bp_sql_query *query = format;
    const struct bp_schema_column *schema = column->schema;
    bp_export_put(query->text, ",\n  CASE COALESCE(CAST(");
    bp_sql_put_column(query, schema->name);
    bp_export_put(query->text, " AS TEXT), '')");
    for (size_t k = 0; k < schema->neurons; k++) {
        bp_export_put(query->text, " WHEN ");
        bp_sql_put_text(query->text, schema->category[k]);
        bp_export_put(query->text, " THEN %zu", k);
    }
    if (query->exported->schema->missing == BP_MISSING_ERROR)
        bp_export_put(query->text, " WHEN '' THEN NULL");
    if (query->exported->options.unknown == BP_UNKNOWN_MOST_FREQUENT)
        bp_export_put(query->text, " ELSE %zu", schema->most_frequent);
    else if (query->exported->options.unknown == BP_UNKNOWN_IGNORE)
        bp_export_put(query->text, " ELSE -1");
    bp_export_put(query->text, " END AS c%zu", column->index);
}

static void make_number(void *format, const struct bp_export_column *column)
{
    struct bp_sql_query *query = format;
    const struct bp_schema_column *schema = column->schema;
    const bool fills = query->exported->schema->missing != BP_MISSING_ERROR;
    bp_export_put(query->text, fills ? ",\n  (COALESCE(c%zu" : ",\n  (c%zu", column->index);
    if (schema->origin != 0.0) {
        bp_export_put(query->text, " - ");
        bp_export_put_real(query->text, schema->origin, false);
    }
    if (fills) {
        bp_export_put(query->text, ", ");
        bp_export_put_real(query->text, (double)schema->fill, false);
        bp_export_put(query->text, ")");
    }
    bp_export_put(query->text, " - ");
    bp_export_put_real(query->text, (double)schema->shift, false);
    bp_export_put(query->text, ") * ");
    bp_export_put_real(query->text, (double)schema->scale, false);
    bp_export_put(query->text, " AS x%zu", schema->first);
    if (schema->indicator)
        bp_export_put(query->text, ",\n  CASE WHEN c%zu IS NULL THEN 1.0 ELSE 0.0 END AS x%zu",
                      column->index, schema->first + 1);
}

static void make_categories(void *format, const struct bp_export_column *column)
{
    struct bp_sql_query *query = format;
    for (size_t k = 0; k < column->schema->neurons; k++)
        bp_export_put(
            query->text,
            ",\n  CASE WHEN c%zu = %zu THEN 1.0 WHEN c%zu IS NOT NULL THEN 0.0 END AS x%zu",
            column->index, k, column->index, column->schema->first + k);
}

static void put_inputs(struct bp_sql_query *query)
{
    static const struct bp_export_steps takes = {.number = take_number, .category = take_text};
    static const struct bp_export_steps makes = {.number = make_number,
                                                 .category = make_categories};
    bp_sql_begin_stage(query);
    bp_export_walk_columns(query->exported, &takes, query);
    bp_sql_end_stage(query);
    bp_sql_begin_stage(query);
    bp_export_walk_columns(query->exported, &makes, query);
    bp_sql_end_stage(query);
}

static void put_layer(void *format, const struct bp_export_layer *layer)
{
    struct bp_sql_query *query = format;
    const size_t networks = bp_model_networks(query->exported->model);
    query->keeps_inputs = layer->network + 1 < networks;
    query->keeps_sums = layer->network > 0;
    bp_sql_layer_put(query, layer);
}

/* One network gives the answer, several their mean. */
static void put_network(void *format, size_t m, double weight)
{
    struct bp_sql_query *query = format;
    if (!query->exported->model->member)
        return;
    query->keeps_sums = false;
    bp_sql_begin_stage(query);
    for (size_t j = 0; j < query->exported->schema->outputs; j++) {
        bp_export_put(query->text, ",\n  ");
        if (m > 0)
            bp_export_put(query->text, "s%zu + ", j);
        bp_export_put_real(query->text, weight, false);
        bp_export_put(query->text, " * o%zu AS s%zu", j, j);
    }
    bp_sql_end_stage(query);
}

/* The factor of a class, and its output. */
static void put_value(struct bp_sql_query *query, size_t j)
{
    const struct bp_model *model = query->exported->model;
    if (model->factor) {
        bp_export_put_real(query->text, model->factor[j], false);
        bp_export_put(query->text, " * ");
    }
    bp_export_put(query->text, "%c%zu", model->member ? 's' : 'o', j);
}

static void put_class(struct bp_sql_query *query)
{
    const struct bp_schema *schema = query->exported->schema;
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    bp_export_put(query->text, ",\n  CASE");
    for (size_t j = 0; j < schema->outputs; j++) {
        bp_export_put(query->text, "\n    WHEN ");
        put_value(query, j);
        bp_export_put(query->text, " >= best THEN ");
        bp_sql_put_text(query->text, target->category[j]);
    }
    bp_export_put(query->text, " END AS ");
    bp_sql_put_name(query->text, target->name);
}

/* Outputs are called as predict calls them. */
static void put_outputs(struct bp_sql_query *query)
{
    const struct bp_model *model = query->exported->model;
    const struct bp_schema *schema = query->exported->schema;
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    const char *prefix = bp_model_get_info(model).output_activation == BP_ACTIVATION_SOFTMAX
                             ? "probability_"
                             : "output_";
    for (size_t j = 0; j < schema->outputs; j++) {
        bp_export_put(query->text, ",\n  %c%zu AS ", model->member ? 's' : 'o', j);
        bp_sql_put_output(query, prefix, target->category[j]);
    }
}

static void put_numbers(struct bp_sql_query *query)
{
    const struct bp_schema *schema = query->exported->schema;
    for (size_t j = 0; j < schema->outputs; j++) {
        const struct bp_schema_column *target = &schema->column[schema->input_columns + j];
        bp_export_put(query->text, ",\n  ");
        bp_export_put_real(query->text, target->origin, false);
        bp_export_put(query->text, " + (%c%zu / ", query->exported->model->member ? 's' : 'o', j);
        bp_export_put_real(query->text, (double)target->scale, false);
        bp_export_put(query->text, " + ");
        bp_export_put_real(query->text, (double)target->shift, false);
        bp_export_put(query->text, ") AS ");
        bp_sql_put_name(query->text, target->name);
    }
}

static void put_best(struct bp_sql_query *query)
{
    const size_t count = query->exported->schema->outputs;
    const bool several = query->exported->model->member != NULL;
    query->keeps_sums = several;
    bp_sql_begin_stage(query);
    for (size_t j = 0; !several && j < count; j++)
        bp_export_put(query->text, "%s o%zu", j == 0 ? ",\n " : ",", j);
    bp_export_put(query->text, ",\n  (WITH v(m) AS (VALUES ");
    for (size_t j = 0; j < count; j++) {
        bp_export_put(query->text, j == 0 ? "(" : ", (");
        put_value(query, j);
        bp_export_put(query->text, ")");
    }
    bp_export_put(query->text, ") SELECT MAX(m) FROM v) AS best");
    bp_sql_end_stage(query);
}

static void put_answer(struct bp_sql_query *query)
{
    const bool classifies = query->exported->schema->task == BP_TASK_CLASSIFY;
    query->keeps_inputs = false;
    if (classifies)
        put_best(query);
    query->ends = true;
    bp_export_put(query->text, "\nSELECT");
    put_keys(query, false);
    if (classifies) {
        put_class(query);
        put_outputs(query);
    } else {
        put_numbers(query);
    }
    bp_export_put(query->text, "\nFROM _%zu;\n", query->stage);
}

/* A column of a table has one number. */
static bp_status check_columns(const struct bp_schema *schema, bp_error *error)
{
    for (size_t k = 0; k < schema->input_columns; k++) {
        const struct bp_schema_column *column = &schema->column[k];
        const size_t cells = bp_schema_column_cells(column);
        if (cells > 1)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "column \"%s\" has %zu numbers in a row, and one of a table in a "
                           "database has one: export the model to another format",
                           column->name, cells);
    }
    return BP_OK;
}

bp_status bp_export_sql(const struct bp_exported *exported, struct bp_export_text *text,
                        struct bp_export_text *header, bp_error *error)
{
    static const struct bp_export_steps steps = {.layer = put_layer, .network = put_network};
    struct bp_sql_query query = {.text = text, .exported = exported};
    (void)header;
    bp_status status = check_columns(exported->schema, error);
    if (status)
        return status;
    bp_export_put(text, "-- ");
    bp_export_put_title(text, exported);
    bp_export_put(text,
                  "\n-- For the table \"%s\", in SQLite from 3.35 on or PostgreSQL from 12 "
                  "on. NULL is a missing value%s.\n",
                  exported->name,
                  exported->schema->missing == BP_MISSING_ERROR ? ", and the answer of its row"
                                                                : "");
    put_inputs(&query);
    status = bp_export_walk_networks(exported, &steps, &query, error);
    put_answer(&query);
    return status;
}
