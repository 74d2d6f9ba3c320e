/* How good outputs are: sums over samples, and the figures of merit that are made of them. */
#ifndef BP_MODEL_METRICS_H
#define BP_MODEL_METRICS_H

#include "data/samples/samples.h"
#include "model/infer.h"
#include "model/model.h"
#include "step/passes/shards.h"

/*
 * The sums, in binary64, of samples that are added in order. Losses and errors are chains within
 * the shards of the samples, merged along the shard tree; what is kept of each class is one chain.
 */
struct bp_metric_accumulator {
    const struct bp_model *model;
    const struct bp_samples *samples;
    const double *factor; /* of each class: those of the model, or what the caller sets */
    struct bp_shards shards;
    size_t classes; /* 0: numbers */
    size_t targets; /* 0: classes */
    double weight;  /* of all samples */
    double *loss;   /* of each shard; the sums of a sample count times its weight */
    double *log_loss;
    double *squares;   /* numbers, of each target and shard: (o - t)^2 at the neuron */
    double *absolutes; /* numbers, of each target and shard: |o - t| */
    double *hits;      /* of each class: its samples that the model gives to it */
    double *predicted; /* of each class: the samples that the model gives to it */
    double *support;   /* of each class: its samples; known before any output is */
    double *mean;      /* of each target, at the neuron; the same */
    double *total;     /* of each target: (t - mean)^2; the same */
    double *scratch;   /* of each shard */
    double *memory;
    uint32_t *answer;   /* of each sample: the class that the model gives it to; NULL: numbers */
    double *sample_log; /* classes, of each sample: its log loss, without its weight */
};

/* Keeps `model` and `samples`. Errors: MEMORY; then `accumulator` is zeroed. */
bp_status bp_metric_accumulator_make(struct bp_metric_accumulator *accumulator,
                                     const struct bp_model *model, const struct bp_samples *samples,
                                     bp_error *error);
void bp_metric_accumulator_release(struct bp_metric_accumulator *accumulator);

/* Back to no samples. */
void bp_metric_accumulator_clear(struct bp_metric_accumulator *accumulator);

/* Adds the outputs of samples begin ... end - 1; calls come in order. */
void bp_metric_accumulator_add(struct bp_metric_accumulator *accumulator, size_t begin, size_t end,
                               const float *outputs, const double *losses);

/* The same for all samples of bp_infer_run(). Keeps `accumulator`. */
struct bp_visitor bp_metric_accumulator_visitor(struct bp_metric_accumulator *accumulator);

/* The samples of a dataset with their targets and weights, as bp_evaluate() takes them. Keeps
 * `dataset`. Errors: as of bp_evaluate(); then `samples` may be released. */
bp_status bp_labelled_bind(struct bp_samples *samples, const struct bp_model *model,
                           const bp_dataset *dataset, const bp_run_options *options,
                           bp_error *error);

/* The sum over the shards of `values`, which stay. */
double bp_metric_accumulator_sum(struct bp_metric_accumulator *accumulator, const double *values);

/* The figures of all samples, added before; of one class; of one target. */
bp_metrics bp_metric_accumulator_metrics(struct bp_metric_accumulator *accumulator);
bp_class_metrics bp_metric_accumulator_class(const struct bp_metric_accumulator *accumulator,
                                             size_t c);
bp_target_metrics bp_metric_accumulator_target(struct bp_metric_accumulator *accumulator, size_t j);

/* Whether targets of `schema` have the metric, which is not auto. Error: ARGUMENT. */
bp_status bp_metric_check(bp_metric metric, const struct bp_schema *schema, bp_error *error);

/* Whether the metric is defined for the samples of validation: r2 is not where a target is the same
 * in all of them. Error: ARGUMENT. */
bp_status bp_metric_accumulator_check(const struct bp_metric_accumulator *accumulator,
                                      bp_metric metric, bp_error *error);

#endif
