/* "balanced" or "NAME=WEIGHT,...": what each class counts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/samples/match.h"
#include "data/samples/weights.h"
#include "data/text/assignments.h"
#include "data/text/names.h"
#include "data/text/number.h"
#include "data/text/text.h"

/* How much of the list of classes a message shows. */
#define LIST_SIZE 160

/* The state of reading "NAME=WEIGHT,...". */
struct reading {
    const struct bp_schema_column *classes;
    float *weight;
    bool *given; /* of each class: whether it was named already */
    struct bp_assignments items;
    bp_error *error;
};

static bp_status fail_form(const struct reading *reading)
{
    char word[BP_EXCERPT_SIZE];
    const char *begin = reading->items.begin;
    return bp_fail(reading->error, BP_ERROR_ARGUMENT,
                   "class weights: %s is not of the form NAME=WEIGHT,... (nor "
                   "balanced); " BP_ASSIGNMENTS_QUOTES,
                   bp_text_excerpt(word, begin, strlen(begin)));
}

static bp_status find_class(const struct reading *reading, size_t *found)
{
    const struct bp_schema_column *classes = reading->classes;
    char word[BP_EXCERPT_SIZE], near[BP_EXCERPT_SIZE], list[LIST_SIZE];
    const char *name = bp_text_excerpt(word, reading->items.name, strlen(reading->items.name));
    *found = bp_names_find(classes->category, classes->neurons, reading->items.name);
    if (*found < classes->neurons) {
        if (!reading->given[*found])
            return BP_OK;
        return bp_fail(reading->error, BP_ERROR_ARGUMENT,
                       "class weights: the class %s is named twice", name);
    }
    const char *nearest = bp_nearest_name(reading->items.name,
                                          (const char *const *)classes->category, classes->neurons);
    if (nearest)
        return bp_fail(reading->error, BP_ERROR_ARGUMENT,
                       "class weights: there is no class %s; did you mean %s?", name,
                       bp_text_excerpt(near, nearest, strlen(nearest)));
    bp_names_join(classes->category, classes->neurons, list, sizeof list);
    return bp_fail(reading->error, BP_ERROR_ARGUMENT, "class weights: there is no class %s (%s)",
                   name, list);
}

static bp_status read_weight(struct reading *reading, size_t class)
{
    const struct bp_assignments *items = &reading->items;
    float weight = 0.0f;
    if (bp_number_parse(items->value, items->length, &weight) != BP_NUMBER_OK || weight < 0.0f) {
        char word[BP_EXCERPT_SIZE], name[BP_EXCERPT_SIZE];
        return bp_fail(reading->error, BP_ERROR_ARGUMENT,
                       "class weights: %s, the weight of class %s, is not a number from 0 on",
                       bp_text_excerpt(word, items->value, items->length),
                       bp_text_excerpt(name, items->name, strlen(items->name)));
    }
    reading->weight[class] = weight;
    reading->given[class] = true;
    return BP_OK;
}

static bp_status read_class(struct reading *reading)
{
    size_t class;
    if (!bp_assignments_read(&reading->items))
        return fail_form(reading);
    const bp_status status = find_class(reading, &class);
    return status ? status : read_weight(reading, class);
}

static bp_status read_classes(const struct bp_class_weights *weights,
                              const struct bp_schema_column *classes, const char *text,
                              bp_error *error)
{
    struct reading reading = {
        .classes = classes,
        .weight = weights->weight,
        .given = calloc(weights->count, sizeof(bool)),
        .error = error,
    };
    bp_status status = bp_assignments_begin(&reading.items, text) && reading.given
                           ? BP_OK
                           : bp_fail_memory(error, "the weights of the classes");
    do {
        if (!status)
            status = read_class(&reading);
    } while (!status && bp_assignments_go_on(&reading.items));
    bp_assignments_end(&reading.items);
    free(reading.given);
    return status;
}

/* W / (k W_c), in binary64, each W_c a sum in the order of the samples. */
static bp_status balance(const struct bp_class_weights *weights, const struct bp_samples *samples,
                         bp_error *error)
{
    double *sum = calloc(weights->count, sizeof *sum);
    if (!sum)
        return bp_fail_memory(error, "the weights of the classes");
    for (size_t x = 0; x < samples->count; x++)
        sum[samples->labels[x]] += bp_samples_weight(samples, x);
    double total = 0.0, classes = 0.0;
    for (size_t c = 0; c < weights->count; c++) {
        total += sum[c];
        classes += sum[c] > 0.0 ? 1.0 : 0.0;
    }
    for (size_t c = 0; c < weights->count; c++) {
        const float weight = (float)(total / (classes * sum[c]));
        weights->weight[c] = isfinite(weight) ? weight : 1.0f;
    }
    free(sum);
    return BP_OK;
}

bp_status bp_class_weights_fit(struct bp_class_weights *weights, const struct bp_schema *schema,
                               const struct bp_samples *samples, const char *text, bp_error *error)
{
    *weights = (struct bp_class_weights){0};
    if (!text)
        return BP_OK;
    if (schema->task != BP_TASK_CLASSIFY)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "class weights: \"%s\" holds numbers, which have no classes",
                       bp_schema_targets(schema)->name);
    weights->count = schema->outputs;
    weights->weight = bp_array_alloc(weights->count, sizeof *weights->weight);
    if (!weights->weight)
        return bp_fail_memory(error, "the weights of the classes");
    for (size_t c = 0; c < weights->count; c++)
        weights->weight[c] = 1.0f;
    const bp_status status = strcmp(text, "balanced") == 0
                                 ? balance(weights, samples, error)
                                 : read_classes(weights, bp_schema_targets(schema), text, error);
    if (status)
        bp_class_weights_release(weights);
    return status;
}

void bp_class_weights_release(struct bp_class_weights *weights)
{
    free(weights->weight);
    *weights = (struct bp_class_weights){0};
}
