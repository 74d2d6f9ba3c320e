/* What a model predicts for every row of a file, and the two forms in which it is written. */
#ifndef BP_CLI_INSPECT_PREDICTION_H
#define BP_CLI_INSPECT_PREDICTION_H

#include <stdio.h>

#include "batchprop/batchprop.h"

struct prediction {
    const bp_model *model;
    const bp_dataset *data;
    bp_model_info info;
    bp_model_column *target; /* info.target_columns */
    const char *id;          /* the name of the id column, or NULL */
    size_t rows;
    size_t unknown;   /* of them, with a category that the model does not know */
    size_t width;     /* output neurons */
    double *outputs;  /* rows x width */
    int *digits;      /* that each output is written with */
    double *spread;   /* rows x width, or NULL */
    bool spreadsheet; /* the CSV file is for one: struct csv_output */
    bool partial;     /* some rows have no outputs, which are NaN: they are not written */
};

/* Fills the members after `data` but for `unknown` and the numbers themselves, for which there is
 * room; `spread` where it is asked for. Returns an exit code; call prediction_release() in any
 * case. */
int prediction_prepare(struct prediction *prediction, bool spread);

/* The same, and predicts. Returns an exit code; call prediction_release() in any case. */
int prediction_make(struct prediction *prediction, const bp_run_options *options, bool spread);

/* Leaves model and data alone. */
void prediction_release(struct prediction *prediction);

/* Whether the outputs of classes are shares that add up to 1: those of a softmax layer. */
bool prediction_has_probabilities(const struct prediction *prediction);

/* The index, in the categories, of the class that is predicted for row `row`. */
size_t prediction_class(const struct prediction *prediction, size_t row);

/* Each writes all rows, in the order of the file: a table with a header, on the threads of
 * `options`, or one object. Whether all was written is found out by who closes the stream. Return
 * an exit code. */
int prediction_write_csv(const struct prediction *prediction, const bp_run_options *options,
                         FILE *stream);
int prediction_write_json(const struct prediction *prediction, FILE *stream);

#endif
