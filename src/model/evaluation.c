/* A model on labelled data: all figures of merit, and which classes it takes for which. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sized.h"
#include "data/samples/weights.h"
#include "model/infer.h"
#include "model/metrics.h"
#include "model/model.h"

struct bp_evaluation {
    bp_metrics metrics;
    size_t classes; /* 0: numbers */
    size_t targets; /* 0: classes */
    char **name;    /* of each class or target */
    bp_class_metrics *class;
    bp_target_metrics *target;
    size_t *first;    /* classes + 1: where the samples of a class begin in `answer` */
    uint32_t *answer; /* what the model says of each sample; those of a class together */
};

/* What an evaluation is made from. */
struct work {
    const bp_model *model;
    const bp_dataset *dataset;
    const bp_run_options *options;
    struct bp_samples samples;
    struct bp_metric_accumulator accumulator;
};

bp_status bp_labelled_bind(struct bp_samples *samples, const struct bp_model *model,
                           const bp_dataset *dataset, const bp_run_options *options,
                           bp_error *error)
{
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED,
                                            .target = options->target,
                                            .weight = options->weight,
                                            .unknown = options->unknown,
                                            .once = true};
    struct bp_class_weights classes = {0};
    bp_status status = bp_samples_bind(samples, model->schema, dataset, &binding, error);
    if (!status)
        status =
            bp_class_weights_fit(&classes, model->schema, samples, options->class_weight, error);
    if (!status)
        status = bp_samples_weigh(samples, &classes, 1.0, bp_dataset_get_info(dataset).path, error);
    bp_class_weights_release(&classes);
    return status;
}

static bp_status run_model(struct work *work, bp_error *error)
{
    bp_status status =
        bp_labelled_bind(&work->samples, work->model, work->dataset, work->options, error);
    if (!status)
        status = bp_metric_accumulator_make(&work->accumulator, work->model, &work->samples, error);
    if (status)
        return status;
    const struct bp_visitor visitor = bp_metric_accumulator_visitor(&work->accumulator);
    return bp_infer_once(work->model, &work->samples, work->options, NULL, &visitor, error);
}

static bp_status take_names(bp_evaluation *evaluation, const struct bp_schema *schema,
                            bp_error *error)
{
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    const size_t count = evaluation->classes + evaluation->targets;
    evaluation->name = calloc(count, sizeof *evaluation->name);
    for (size_t k = 0; evaluation->name && k < count; k++) {
        const char *name = evaluation->classes ? target->category[k] : target[k].name;
        evaluation->name[k] = bp_text_copy(name, strlen(name));
        if (!evaluation->name[k])
            return bp_fail_memory(error, "the names of classes");
    }
    return evaluation->name ? BP_OK : bp_fail_memory(error, "the names of classes");
}

/* The answers, those of the samples of class 0 first. */
static bp_status take_answers(bp_evaluation *evaluation, const struct work *work, bp_error *error)
{
    const size_t classes = evaluation->classes;
    const struct bp_samples *samples = &work->samples;
    size_t *next = bp_array_alloc(classes, sizeof *next);
    evaluation->first = calloc(classes + 1, sizeof *evaluation->first);
    evaluation->answer = bp_array_alloc(samples->count, sizeof *evaluation->answer);
    if (!next || !evaluation->first || !evaluation->answer) {
        free(next);
        return bp_fail_memory(error, "the answers of the model");
    }
    for (size_t x = 0; x < samples->count; x++)
        evaluation->first[samples->labels[x] + 1]++;
    for (size_t c = 0; c < classes; c++) {
        evaluation->first[c + 1] += evaluation->first[c];
        next[c] = evaluation->first[c];
    }
    for (size_t x = 0; x < samples->count; x++)
        evaluation->answer[next[samples->labels[x]]++] = work->accumulator.answer[x];
    free(next);
    return BP_OK;
}

static bp_status take_classes(bp_evaluation *evaluation, const struct work *work, bp_error *error)
{
    bp_status status = take_answers(evaluation, work, error);
    if (status)
        return status;
    evaluation->class = bp_array_alloc(evaluation->classes, sizeof *evaluation->class);
    if (!evaluation->class)
        return bp_fail_memory(error, "the figures of the classes");
    for (size_t c = 0; c < evaluation->classes; c++) {
        evaluation->class[c] = bp_metric_accumulator_class(&work->accumulator, c);
        evaluation->class[c].name = evaluation->name[c];
        evaluation->class[c].samples = evaluation->first[c + 1] - evaluation->first[c];
    }
    return BP_OK;
}

static bp_status take_targets(bp_evaluation *evaluation, struct work *work, bp_error *error)
{
    evaluation->target = bp_array_alloc(evaluation->targets, sizeof *evaluation->target);
    if (!evaluation->target)
        return bp_fail_memory(error, "the figures of the targets");
    for (size_t j = 0; j < evaluation->targets; j++) {
        evaluation->target[j] = bp_metric_accumulator_target(&work->accumulator, j);
        evaluation->target[j].name = evaluation->name[j];
    }
    return BP_OK;
}

static bp_status build(bp_evaluation *evaluation, struct work *work, bp_error *error)
{
    bp_status status = run_model(work, error);
    if (status)
        return status;
    evaluation->metrics = bp_metric_accumulator_metrics(&work->accumulator);
    evaluation->classes = work->accumulator.classes;
    evaluation->targets = work->accumulator.targets;
    if ((status = take_names(evaluation, work->model->schema, error)))
        return status;
    return evaluation->classes ? take_classes(evaluation, work, error)
                               : take_targets(evaluation, work, error);
}

bp_status bp_evaluation_create(bp_evaluation **out, const bp_model *model,
                               const bp_dataset *dataset, const bp_run_options *options,
                               bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    bp_run_options full = bp_run_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (status)
        return status;
    struct bp_evaluation *evaluation = calloc(1, sizeof *evaluation);
    if (!evaluation)
        return bp_fail_memory(error, "an evaluation");
    struct work work = {.model = model, .dataset = dataset, .options = &full};
    status = build(evaluation, &work, error);
    bp_metric_accumulator_release(&work.accumulator);
    bp_samples_release(&work.samples);
    if (status) {
        bp_evaluation_free(evaluation);
        return status;
    }
    *out = evaluation;
    return BP_OK;
}

void bp_evaluation_free(bp_evaluation *evaluation)
{
    if (!evaluation)
        return;
    for (size_t k = 0; evaluation->name && k < evaluation->classes + evaluation->targets; k++)
        free(evaluation->name[k]);
    free(evaluation->name);
    free(evaluation->class);
    free(evaluation->target);
    free(evaluation->first);
    free(evaluation->answer);
    free(evaluation);
}

bp_metrics bp_evaluation_get_metrics(const bp_evaluation *evaluation)
{
    return evaluation ? evaluation->metrics : (bp_metrics){0};
}

size_t bp_evaluation_classes(const bp_evaluation *evaluation)
{
    return evaluation ? evaluation->classes : 0;
}

size_t bp_evaluation_targets(const bp_evaluation *evaluation)
{
    return evaluation ? evaluation->targets : 0;
}

bp_status bp_evaluation_get_class(const bp_evaluation *evaluation, size_t index,
                                  bp_class_metrics *metrics, bp_error *error)
{
    BP_REQUIRE(evaluation, error);
    BP_REQUIRE(metrics, error);
    if (index >= evaluation->classes)
        return bp_fail(error, BP_ERROR_ARGUMENT, "class %zu: there are %zu", index,
                       evaluation->classes);
    *metrics = evaluation->class[index];
    return BP_OK;
}

bp_status bp_evaluation_get_confusion(const bp_evaluation *evaluation, size_t truth,
                                      uint64_t *counts, bp_error *error)
{
    BP_REQUIRE(evaluation, error);
    BP_REQUIRE(counts, error);
    if (truth >= evaluation->classes)
        return bp_fail(error, BP_ERROR_ARGUMENT, "class %zu: there are %zu", truth,
                       evaluation->classes);
    memset(counts, 0, evaluation->classes * sizeof *counts);
    for (size_t k = evaluation->first[truth]; k < evaluation->first[truth + 1]; k++)
        counts[evaluation->answer[k]]++;
    return BP_OK;
}

bp_status bp_evaluation_get_target(const bp_evaluation *evaluation, size_t index,
                                   bp_target_metrics *metrics, bp_error *error)
{
    BP_REQUIRE(evaluation, error);
    BP_REQUIRE(metrics, error);
    if (index >= evaluation->targets)
        return bp_fail(error, BP_ERROR_ARGUMENT, "target %zu: there are %zu", index,
                       evaluation->targets);
    *metrics = evaluation->target[index];
    return BP_OK;
}

bp_status bp_evaluate(const bp_model *model, const bp_dataset *dataset,
                      const bp_run_options *options, bp_metrics *metrics, bp_error *error)
{
    BP_REQUIRE(metrics, error);
    bp_evaluation *evaluation;
    const bp_status status = bp_evaluation_create(&evaluation, model, dataset, options, error);
    if (!status)
        *metrics = evaluation->metrics;
    bp_evaluation_free(evaluation);
    return status;
}
