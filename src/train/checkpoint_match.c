/*
 * What must be the same is an object of names and plain values, made from a trainer in one way:
 * writing a checkpoint stores it, reading makes it anew and compares.
 */
#include "train/checkpoint_match.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/exact_json.h"
#include "net/spec_json.h"

#define VALUE_SIZE 200 /* of a value in a message */

/* Adds a value that the object takes; NULL, for want of memory, clears `complete`. */
static void put(json_t *object, const char *name, json_t *value, bool *complete)
{
    if (json_object_set_new(object, name, value))
        *complete = false;
}

static void put_whole(json_t *object, const char *name, uint64_t value, bool *complete)
{
    put(object, name, bp_json_from_whole(value), complete);
}

static void put_real(json_t *object, const char *name, double value, bool *complete)
{
    put(object, name, json_real(value), complete);
}

static void put_choice(json_t *object, bp_choice choice, const char *name, int value,
                       bool *complete)
{
    put(object, name, json_string(bp_choice_name(choice, value)), complete);
}

/* `object`, or NULL if it is not complete. */
static json_t *finish(json_t *object, bool complete)
{
    if (complete)
        return object;
    json_decref(object);
    return NULL;
}

static void put_optimizer(json_t *object, const bp_train_options *options, bool *complete)
{
    put_choice(object, BP_CHOICE_OPTIMIZER, "optimizer", (int)options->optimizer, complete);
    put_real(object, "learning_rate", (double)options->learning_rate, complete);
    put_real(object, "momentum", (double)options->momentum, complete);
    put_real(object, "beta1", (double)options->beta1, complete);
    put_real(object, "beta2", (double)options->beta2, complete);
    put_real(object, "rho", (double)options->rho, complete);
    put_real(object, "epsilon", (double)options->epsilon, complete);
    put_choice(object, BP_CHOICE_SCHEDULE, "schedule", (int)options->schedule, complete);
    put_whole(object, "schedule_epochs", options->schedule_epochs, complete);
    put_real(object, "schedule_factor", (double)options->schedule_factor, complete);
    put_whole(object, "warmup_epochs", options->warmup_epochs, complete);
    /* Only there does the rate of an epoch depend on how many there will be. */
    if (options->schedule == BP_SCHEDULE_COSINE)
        put_whole(object, "epochs", options->epochs, complete);
    put_real(object, "weight_decay", (double)options->weight_decay, complete);
    put_real(object, "clip_value", (double)options->clip_value, complete);
    put_real(object, "clip_norm", (double)options->clip_norm, complete);
    put_real(object, "dropout", (double)options->dropout, complete);
}

json_t *bp_match_options(const struct bp_trainer *trainer)
{
    const bp_train_options *options = &trainer->options;
    json_t *object = json_object();
    bool complete = object != NULL;
    put_whole(object, "batch_size", trainer->batch_size, &complete);
    put_optimizer(object, options, &complete);
    put(object, "class_weight", json_string(options->class_weight ? options->class_weight : "none"),
        &complete);
    put_choice(object, BP_CHOICE_METRIC, "metric", (int)options->metric, &complete);
    put_whole(object, "patience", options->patience, &complete);
    put_real(object, "min_delta", options->min_delta, &complete);
    put(object, "keep_best", json_boolean(options->keep_best), &complete);
    put_whole(object, "seed", options->seed, &complete);
    put(object, "shuffle", json_boolean(options->shuffle), &complete);
    put_whole(object, "shard_size", options->shard_size, &complete);
    return finish(object, complete);
}

json_t *bp_match_data(const struct bp_trainer *trainer)
{
    json_t *object = json_object();
    bool complete = object != NULL;
    put_whole(object, "training_rows", trainer->samples.count, &complete);
    put(object, "training_digest", json_string(trainer->samples_digest), &complete);
    put_whole(object, "validation_rows", trainer->has_validation ? trainer->valid.samples.count : 0,
              &complete);
    put(object, "validation_digest", json_string(trainer->valid_digest), &complete);
    return finish(object, complete);
}

static json_t *describe_network(const struct bp_model *model)
{
    const struct bp_network_spec spec = bp_network_get_spec(model->network);
    json_t *object = bp_spec_to_json(&spec);
    bool complete = object != NULL;
    put(object, "thresholds", json_boolean(!spec.reduced), &complete);
    put_whole(object, "seed", model->seed, &complete);
    return finish(object, complete);
}

/* A value as a message shows it: a binary32 such as 0.1 in the few digits that it was given with. */
static void show_value(const json_t *value, char text[VALUE_SIZE])
{
    const size_t precision = json_is_real(value) ? JSON_REAL_PRECISION(7) : 0;
    char *dumped = json_is_string(value)
                       ? NULL
                       : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | precision);
    const char *shown = json_is_string(value) ? json_string_value(value) : dumped;
    snprintf(text, VALUE_SIZE, "%s", shown ? shown : "nothing");
    free(dumped);
}

/* The first difference between two objects, of which `then` may be anything. `what` is put before
 * the name. */
static bp_status compare(const json_t *then, json_t *now, const char *what, const char *path,
                         bp_error *error)
{
    const char *name;
    json_t *value;
    json_object_foreach(now, name, value)
    {
        const json_t *stored = json_object_get(then, name);
        if (json_equal(stored, value))
            continue;
        char old[VALUE_SIZE], new[VALUE_SIZE], words[VALUE_SIZE];
        show_value(stored, old);
        show_value(value, new);
        snprintf(words, sizeof words, "%s", name);
        for (char *p = words; *p; p++)
            *p = (char)(*p == '_' ? ' ' : *p);
        return bp_fail(error, BP_ERROR_INPUT, "%s: was written with %s%s %s, not %s", path, what,
                       words, old, new);
    }
    return BP_OK;
}

/* compare() with an object that was made for it. */
static bp_status compare_with(const json_t *then, json_t *now, const char *what, const char *path,
                              bp_error *error)
{
    const bp_status status = now ? compare(then, now, what, path, error)
                                 : bp_fail_memory(error, "what a checkpoint is compared with");
    json_decref(now);
    return status;
}

static bp_status compare_models(const struct bp_model *written, const struct bp_model *model,
                                const char *path, bp_error *error)
{
    json_t *network = describe_network(written);
    json_t *columns = bp_schema_to_json(written->schema);
    json_t *wanted = bp_schema_to_json(model->schema);
    bp_status status = network && columns && wanted
                           ? BP_OK
                           : bp_fail_memory(error, "what a checkpoint is compared with");
    if (!status)
        status = compare_with(network, describe_network(model), "a network of ", path, error);
    if (!status && !json_equal(columns, wanted))
        status = bp_fail(error, BP_ERROR_INPUT,
                         "%s: was written with other columns, or another scaling or other "
                         "categories of them",
                         path);
    json_decref(network);
    json_decref(columns);
    json_decref(wanted);
    return status;
}

bp_status bp_match_check(const struct bp_trainer *trainer, const struct bp_model *written,
                         const json_t *metadata, const char *path, bp_error *error)
{
    bp_status status = compare_models(written, trainer->model, path, error);
    if (!status)
        status = compare_with(json_object_get(metadata, "data"), bp_match_data(trainer), "", path,
                              error);
    return status ? status
                  : compare_with(json_object_get(metadata, "options"), bp_match_options(trainer),
                                 "", path, error);
}
