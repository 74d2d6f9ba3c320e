/* What a data file holds, and what training with given options would make of it. */
#ifndef BP_CLI_INSPECT_DATA_SUMMARY_H
#define BP_CLI_INSPECT_DATA_SUMMARY_H

#include "batchprop/batchprop.h"

struct data_summary {
    bp_dataset_info info;
    bp_column_info *column;              /* info.columns */
    bool *target;                        /* info.columns: whether training would predict it */
    bool *input;                         /* the same: whether it would read it */
    bool trainable;                      /* training would take the file */
    bp_task task;                        /* if trainable */
    char problem[BP_ERROR_MESSAGE_SIZE]; /* why training would not take it */
    bp_value_count *classes;             /* of the target if it holds classes */
    size_t class_count;
};

/* Describes `dataset`, which must outlive the summary. Returns an exit code: data that training
 * would not take is described all the same, options that do not fit the data are a usage error. */
int data_summary_make(struct data_summary *summary, const bp_dataset *dataset,
                      const bp_model_options *options);

/* Legal for a zeroed summary. */
void data_summary_free(struct data_summary *summary);

/* The number of columns that hold one value only. */
size_t data_summary_constants(const struct data_summary *summary);

/* How many cells are missing. */
size_t data_summary_missing(const struct data_summary *summary);

/* "category", "integer" or "number"; "" for a column that is not read. */
const char *data_summary_kind(const bp_column_info *column);

/* What column `c` is to training: "target", "input", "weight", "id", "ignored", "unused", or NULL if
 * training would refuse the file. */
const char *data_summary_role(const struct data_summary *summary, size_t c);

/* Prints the summary to stdout, as one JSON object or for people; returns an exit code. */
int data_summary_print(const struct data_summary *summary, bool json);

#endif
