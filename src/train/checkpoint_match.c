/*
 * What must be the same is an object of names and plain values, made from a trainer in one way:
 * writing a checkpoint stores it, reading makes it again and compares.
 */
#include "train/checkpoint_match.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/exact_json.h"
#include "net/spec_json.h"
#include "options/value.h"

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

/* `object`, or NULL if it is not complete. */
static json_t *finish(json_t *object, bool complete)
{
    if (complete)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *row_to_json(const bp_option_info *row, const bp_train_options *options)
{
    const char *text;
    switch (row->kind) {
    case BP_OPTION_FLAG:
    case BP_OPTION_SWITCH:
        return json_boolean(bp_option_flag(row, options) != row->negated);
    case BP_OPTION_WHOLE:
    case BP_OPTION_SEED:
        return bp_json_from_whole(bp_option_whole(row, options));
    case BP_OPTION_REAL:
        return json_real(bp_option_real(row, options));
    case BP_OPTION_CHOICE:
        return json_string(bp_choice_name(row->choice, bp_option_choice(row, options)));
    case BP_OPTION_TEXT:
        text = bp_option_text(row, options);
        return json_string(text ? text : "none");
    case BP_OPTION_NAMES:
    case BP_OPTION_WIDTHS:
    case BP_OPTION_SIGN:
        break;
    }
    assert(false && "an option of training of this kind is not compared");
    return NULL;
}

/* Every option that affects bits, by the name of its field. A run may go on for more epochs, unless
 * the rate of each depends on how many there will be, as with a cosine. */
static json_t *describe_options(const bp_train_options *options)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(BP_OPTION_OF_TRAINING, &count);
    json_t *object = json_object();
    bool complete = object != NULL;
    for (size_t k = 0; k < count; k++) {
        if (rows[k].affects_bits && rows[k].offset != offsetof(bp_train_options, epochs))
            put(object, rows[k].field, row_to_json(&rows[k], options), &complete);
    }
    if (bp_schedule_needs_epochs(options->schedule))
        put_whole(object, "epochs", options->epochs, &complete);
    return finish(object, complete);
}

json_t *bp_match_options(const struct bp_trainer *trainer)
{
    bp_train_options options = trainer->options;
    options.batch_size = trainer->batch_size;
    return describe_options(&options);
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

/* A value as a message shows it: a binary32 such as 0.1 in the few digits that it was given
 * with. */
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

/* An option that is not in the file was not known when it was written: it had its default. */
static bp_status compare_options(const struct bp_trainer *trainer, const json_t *written,
                                 const char *path, bp_error *error)
{
    const bp_train_options defaults = bp_train_options_default();
    json_t *then = json_is_object(written) ? json_copy((json_t *)written) : json_object();
    json_t *missing = describe_options(&defaults);
    const bool complete = then && missing && !json_object_update_missing(then, missing);
    const bp_status status = complete
                                 ? compare_with(then, bp_match_options(trainer), "", path, error)
                                 : bp_fail_memory(error, "what a checkpoint is compared with");
    json_decref(missing);
    json_decref(then);
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
                  : compare_options(trainer, json_object_get(metadata, "options"), path, error);
}
