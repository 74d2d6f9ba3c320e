/*
 * Samples as a network meets them: a dataset bound to a schema. Inputs stay where they are if the
 * columns stand as the network reads them (bytes stay bytes); otherwise they are laid out anew.
 */
#ifndef BP_DATA_SAMPLES_H
#define BP_DATA_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "data/schema.h"

struct bp_samples {
    size_t count;
    size_t inputs;          /* neurons */
    size_t outputs;
    const float *values;    /* input cell i of sample x: values[row(x) * stride + i]; or NULL */
    const uint8_t *bytes;   /* the same as bytes; exactly one of the two is not NULL */
    size_t stride;          /* cells between rows */
    const uint32_t *rows;   /* row(x), or NULL: row(x) = x; borrowed from the dataset */
    float *shift;           /* inputs rounded up to 16, zeros behind; the neuron value of a cell */
    float *scale;           /*   is (cell - shift[i]) * scale[i] */
    uint32_t *labels;       /* classes: of sample x, below outputs; or NULL */
    float *targets;         /* numbers: count x outputs, as the output neurons should be; or NULL */
    float *owned_values;    /* `values` if they were laid out anew */
};

enum bp_need_targets {
    BP_TARGETS_UNUSED,  /* prediction: they need not be there and are not read */
    BP_TARGETS_REQUIRED /* training and evaluation */
};

/* Keeps `dataset`. `target` names the target column of a CSV if it is not called as in training, or
 * is NULL. Columns are matched by name where the schema has names from a file, else by position;
 * columns that the schema does not know are left out. Errors: INPUT with file, line and field
 * (a column missing, a category or class unknown), ARGUMENT, MEMORY. On failure `samples` is zeroed. */
bp_status bp_samples_bind(struct bp_samples *samples, const struct bp_schema *schema,
                          const bp_dataset *dataset, const char *target,
                          enum bp_need_targets targets, bp_error *error);
/* Frees what bp_samples_bind() allocated and zeroes `samples`. */
void bp_samples_release(struct bp_samples *samples);

#endif
