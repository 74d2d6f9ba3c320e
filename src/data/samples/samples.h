/*
 * Samples as a network reads them: a dataset bound to a schema. Inputs stay in the table if its
 * columns are in the order of the network (bytes stay bytes); otherwise they are copied, one cell a
 * column: a category is expanded to its neurons only in a batch, so that memory follows the size of
 * the file and not the number of categories.
 */
#ifndef BP_DATA_SAMPLES_SAMPLES_H
#define BP_DATA_SAMPLES_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "data/schema/schema.h"

#define BP_ONE_HOT   UINT32_MAX
#define BP_NO_NEURON (-1.0f) /* instead of the number of a neuron: all of them are 0 */

struct bp_block_rows;

struct bp_samples {
    size_t count;
    size_t inputs; /* neurons */
    size_t outputs;
    const float *values;  /* cell c of sample x: values[row(x) * stride + c]; or NULL */
    const uint8_t *bytes; /* the same as bytes */
    const struct bp_block_rows *blocks; /* or the rows of a caller's blocks, which samples are in
                                           their order; exactly one of the three is not NULL */
    size_t stride;                      /* cells between rows */
    size_t cells;                       /* of a sample; fewer than inputs if some are categories */
    uint32_t *neuron; /* of cell c: the input neuron, or BP_ONE_HOT: the cell holds the number of
                         the neuron that is 1, or BP_NO_NEURON; NULL: cell i is that of neuron i */
    const uint32_t *rows; /* row(x), or NULL: row(x) = x; borrowed from the dataset */
    float *shift;         /* inputs rounded up to 16 with zeros; the neuron value of a cell */
    float *scale;         /*   is (cell - shift[i]) * scale[i], or 0 where that is too small */
    bool ordinary;        /* no input is too small: a batch need not look */
    uint32_t *labels;     /* classes: of sample x, below outputs; or NULL */
    float *targets;       /* numbers: count x outputs, as the output neurons should be; or NULL */
    float *weight;        /* of sample x, >= 0; NULL: all 1 */
    float *owned_values;  /* `values` if they were copied */
    uint8_t *owned_bytes; /* the same of `bytes` */
    uint32_t *
        owned_rows; /* `rows` if they are not the dataset's: of two, or without those of weight 0 */
    size_t unknown; /* samples with an input category that the schema does not know */
};

/* What sample x counts. */
static inline double bp_samples_weight(const struct bp_samples *samples, size_t x)
{
    return samples->weight ? (double)samples->weight[x] : 1.0;
}

enum bp_need_targets {
    BP_TARGETS_UNUSED,     /* prediction: they need not be there and are not read */
    BP_TARGETS_REQUIRED,   /* evaluation: and weights are read if there are any */
    BP_TARGETS_AND_WEIGHTS /* training: weights have to be there as well if the schema names some */
};

struct bp_bind_options {
    enum bp_need_targets need;
    const char
        *target; /* of a CSV: the columns of the targets if they are not called as in training;
                           or NULL */
    const char *weight; /* the same, by name or by number from 1, for that of the weights, which are
                           read unless targets are unused; or NULL */
    bp_unknown unknown; /* AUTO is ERROR */
    bool once;          /* each sample is gathered once: numbers are not searched for what is too
                           small */
};

/* What the inputs of a dataset hold that a schema does not know, over all rows: how many, and some
 * of the categories as bp_unknown_write() has them. Errors: as of bp_samples_bind(), but not for
 * unknown categories. */
bp_status bp_samples_count_unknown(const struct bp_schema *schema, const bp_dataset *dataset,
                                   size_t *rows, char *text, size_t size, bp_error *error);

/* Keeps `dataset`, borrows `schema`. Columns are matched by name where the schema has names from a
 * file, else by position; columns that the schema does not know are left out, and so are rows of
 * weight 0. Errors: INPUT with file, line and field (a column missing, a category or class unknown,
 * a weight that is no number from 0 on), ARGUMENT, MEMORY. On failure `samples` is zeroed. */
bp_status bp_samples_bind(struct bp_samples *samples, const struct bp_schema *schema,
                          const bp_dataset *dataset, const struct bp_bind_options *options,
                          bp_error *error);
/* Samples of both datasets, for training: those of one table in its order and each once, those of
 * two one after the other. Keeps both. Errors: as of bp_samples_bind(). */
bp_status bp_samples_bind_both(struct bp_samples *samples, const struct bp_schema *schema,
                               const bp_dataset *first, const bp_dataset *second,
                               bp_unknown unknown, bp_error *error);
/* Frees what bp_samples_bind() allocated and zeroes `samples`. */
void bp_samples_release(struct bp_samples *samples);

#endif
