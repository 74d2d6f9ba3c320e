/* Expressions keep to what SQLite and PostgreSQL both have. Of exp() the latter makes an error
 * where the result is too large or too small for a number. */
#include "export/sql_layer.h"

/* Products of a sum in a line; as many lines are as deep as an expression gets. */
#define LINE_TERMS 16

/* `count` columns, each an expression with its number for @. */
static void put_each(struct bp_sql_query *query, const char *expression, size_t count, char name)
{
    for (size_t j = 0; j < count; j++) {
        bp_export_put(query->text, ",\n  ");
        for (const char *c = expression; *c; c++) {
            if (*c == '@')
                bp_export_put(query->text, "%zu", j);
            else
                bp_export_put_bytes(query->text, c, 1);
        }
        bp_export_put(query->text, " AS %c%zu", name, j);
    }
}

/* Columns of the stage before, as they are. */
static void keep(struct bp_sql_query *query, char name, size_t count)
{
    for (size_t j = 0; j < count; j++)
        bp_export_put(query->text, "%s %c%zu", j == 0 ? ",\n " : ",", name, j);
}

static void put_stage(struct bp_sql_query *query, const char *kept, const char *expression,
                      size_t count, char name)
{
    bp_sql_begin_stage(query);
    for (; *kept; kept++)
        keep(query, *kept, count);
    put_each(query, expression, count, name);
    bp_sql_end_stage(query);
}

static void put_sums(struct bp_sql_query *query, const struct bp_export_layer *layer, char name)
{
    const char from = layer->index == 0 ? 'x' : 'o';
    bp_sql_begin_stage(query);
    for (size_t j = 0; j < layer->out; j++) {
        bp_export_put(query->text, ",\n  ");
        bp_export_put_real(query->text, (double)layer->bias[j], false);
        for (size_t i = 0; i < layer->in; i++) {
            bp_export_put(query->text, i % LINE_TERMS == 0 ? "\n    + (" : " + ");
            bp_export_put_real(query->text, (double)layer->weights[j * layer->in + i], false);
            bp_export_put(query->text, " * %c%zu%s", from, i,
                          i % LINE_TERMS == LINE_TERMS - 1 || i + 1 == layer->in ? ")" : "");
        }
        bp_export_put(query->text, " AS %c%zu", name, j);
    }
    bp_sql_end_stage(query);
}

/* Of n@; those of GELU and softmax take more stages. NULL stays NULL. */
static const char *const expressions[] = {
    [BP_ACTIVATION_LOGISTIC] = "CASE WHEN n@ < -87.0 THEN 0.0 WHEN n@ > 87.0 THEN 1.0 "
                               "ELSE 1.0 / (1.0 + exp(-n@)) END",
    [BP_ACTIVATION_TANH] = "tanh(n@)",
    [BP_ACTIVATION_RELU] = "CASE WHEN n@ < 0.0 THEN 0.0 ELSE n@ END",
    [BP_ACTIVATION_LEAKY_RELU] = "CASE WHEN n@ < 0.0 THEN 0.01 * n@ ELSE n@ END",
    [BP_ACTIVATION_GELU] = "CASE WHEN n@ < 0.0 THEN n@ * e@ ELSE n@ * (1.0 - e@) END",
    [BP_ACTIVATION_SILU] = "CASE WHEN n@ < -87.0 THEN 0.0 WHEN n@ > 87.0 THEN n@ "
                           "ELSE n@ / (1.0 + exp(-n@)) END",
    [BP_ACTIVATION_ELU] = "CASE WHEN n@ < -87.0 THEN -1.0 WHEN n@ < 0.0 THEN exp(n@) - 1.0 "
                          "ELSE n@ END",
    [BP_ACTIVATION_SOFTPLUS] = "CASE WHEN n@ < -87.0 THEN 0.0 WHEN n@ > 87.0 THEN n@ "
                               "ELSE ln(1.0 + exp(n@)) END",
    [BP_ACTIVATION_SOFTMAX] = "e@ / total",
};

static const char count_expression[] = "CASE WHEN n@ < -87.0 THEN 0.0 ELSE exp(n@) END";

/* The share of the normal distribution beyond |n|, as in find_tail() of kernels/activate.inc.h. */
static void put_tails(struct bp_sql_query *query, size_t count)
{
    put_stage(query, "n", "(abs(n@) - 4.0) / (abs(n@) + 4.0)", count, 't');
    put_stage(query, "n",
              "CASE WHEN abs(n@) > 15.0 THEN 0.0 ELSE exp(-0.5 * n@ * n@) * "
              "((((((((((1.1893822374986485e-05 * t@ - 4.712157169706188e-05) * t@\n"
              "    - 0.00017334446602035314) * t@ + 0.0006419987767003477) * t@\n"
              "    + 0.0005028090672567487) * t@ - 0.008493082597851753) * t@\n"
              "    + 0.030865546315908432) * t@ - 0.07170731574296951) * t@\n"
              "    + 0.12437921017408371) * t@ - 0.17039772868156433) * t@\n"
              "    + 0.09441064298152924) END",
              count, 'e');
}

/* exp() of how far each is below the largest, then their sum. */
static void put_shares(struct bp_sql_query *query, size_t count)
{
    bp_sql_begin_stage(query);
    keep(query, 'n', count);
    bp_export_put(query->text, ",\n  (WITH v(m) AS (VALUES ");
    for (size_t j = 0; j < count; j++)
        bp_export_put(query->text, "%s(n%zu)", j == 0 ? "" : ", ", j);
    bp_export_put(query->text, ") SELECT MAX(m) FROM v) AS most");
    bp_sql_end_stage(query);
    put_stage(query, "", "CASE WHEN n@ - most < -87.0 THEN 0.0 ELSE exp(n@ - most) END", count,
              'e');
    bp_sql_begin_stage(query);
    keep(query, 'e', count);
    for (size_t j = 0; j < count; j++)
        bp_export_put(query->text, "%se%zu", j == 0 ? ",\n  " : " + ", j);
    bp_export_put(query->text, " AS total");
    bp_sql_end_stage(query);
}

void bp_sql_layer_put(struct bp_sql_query *query, const struct bp_export_layer *layer)
{
    const char *expression = layer->counts ? count_expression : expressions[layer->activation];
    if (!layer->counts && layer->activation == BP_ACTIVATION_IDENTITY) {
        put_sums(query, layer, 'o');
        return;
    }
    put_sums(query, layer, 'n');
    if (layer->activation == BP_ACTIVATION_GELU)
        put_tails(query, layer->out);
    if (layer->activation == BP_ACTIVATION_SOFTMAX)
        put_shares(query, layer->out);
    put_stage(query, "", expression, layer->out, 'o');
}
