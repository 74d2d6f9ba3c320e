/* The page of `batchprop report --model`: a model to play with, and what it does on data. */
#ifndef BP_CLI_HTML_HTML_MODEL_H
#define BP_CLI_HTML_HTML_MODEL_H

#include <stdio.h>

#include "batchprop/batchprop.h"

struct html_model {
    const char *title; /* NULL: made from the path */
    const char *path;
    const bp_model *model;
    const bp_dataset *data;        /* with targets; NULL: none */
    const bp_run_options *options; /* for the data */
    const bp_metrics *metrics;     /* on the data; NULL: none */
};

/* Writes the page. Returns an exit code; the stream keeps what could not be written. */
int html_model_write(FILE *out, const struct html_model *page);

/* Its sections of the data. They return an exit code. */

/* How much worse the model is where a column is permuted. */
int html_importance_put(FILE *out, const struct html_model *page);

/* Calibration of classes, or numbers beside what is predicted; drawn by gnuplot. */
int html_measured_put(FILE *out, const struct html_model *page);

#endif
