/*
 * What must be the same is an object of names and plain values, made from a trainer in one way:
 * writing a checkpoint stores it, reading makes it again and compares.
 */
#include "train/checkpoint_match.h"

#include <assert.h>

#include "model/exact_json.h"
#include "net/spec_json.h"
#include "options/value.h"
#include "train/checkpoint_difference.h"

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
 * the rate of each depends on how many there will be, as with a cosine, or a refit follows. */
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
    if (bp_schedule_needs_epochs(options->schedule) || options->refit)
        put_whole(object, "epochs", options->epochs, &complete);
    return finish(object, complete);
}

/* Without validation rows no metric is read, whatever the default is. */
json_t *bp_match_options(const struct bp_trainer *trainer)
{
    json_t *object = describe_options(&trainer->options);
    if (object && !trainer->has_validation)
        json_object_del(object, "metric");
    return object;
}

static json_t *describe_rows(const struct bp_trainer *trainer)
{
    const size_t validation = trainer->has_validation ? trainer->valid.samples.count : 0;
    json_t *object = json_object();
    bool complete = object != NULL;
    put_whole(object, "training_rows", trainer->samples.count, &complete);
    put_whole(object, "validation_rows", validation, &complete);
    return finish(object, complete);
}

json_t *bp_match_data(const struct bp_trainer *trainer)
{
    json_t *object = describe_rows(trainer);
    bool complete = object != NULL;
    put(object, "training_digest", json_string(trainer->samples_digest), &complete);
    put(object, "validation_digest", json_string(trainer->valid_digest), &complete);
    if (trainer->options.refit)
        put(object, "refit_digest", json_string(trainer->refit.samples_digest), &complete);
    return finish(object, complete);
}

/* The network by the fields of its options. The widths of inputs and outputs follow from the
 * columns. */
static json_t *describe_network(const struct bp_model *model)
{
    const struct bp_network_spec spec = bp_network_get_spec(model->network);
    const bp_activation output = spec.activations[spec.layers - 1];
    json_t *object = json_object(), *rest = bp_spec_to_json(&spec);
    json_t *hidden = json_object_get(rest, "widths");
    bool complete = object && rest;
    json_array_remove(hidden, spec.layers);
    json_array_remove(hidden, 0);
    put(object, "hidden", json_incref(hidden), &complete);
    json_object_del(rest, "widths");
    json_array_remove(json_object_get(rest, "activations"), spec.layers - 1);
    complete = complete && json_object_update(object, rest) == 0;
    json_decref(rest);
    put(object, "output_activation", json_string(bp_choice_name(BP_CHOICE_ACTIVATION, (int)output)),
        &complete);
    put(object, "thresholds", json_boolean(!spec.reduced), &complete);
    put_whole(object, "seed", model->seed, &complete);
    return finish(object, complete);
}

/* Compares with an object that was made for it. */
static bp_status compare_with(const json_t *then, json_t *now, bp_option_owner owner,
                              const char *path, bp_error *error)
{
    const bp_status status = now ? bp_difference_check(then, now, owner, path, error)
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
    if (!status && !json_equal(columns, wanted))
        status = bp_fail(error, BP_ERROR_INPUT,
                         "%s: was written with other columns, or another scaling or other "
                         "categories of them",
                         path);
    if (!status)
        status = compare_with(network, describe_network(model), BP_OPTION_OF_MODEL, path, error);
    json_decref(network);
    json_decref(columns);
    json_decref(wanted);
    return status;
}

/* A choice of `options`, from a file or of a trainer; the first value where it is none. */
static int choice_of(const json_t *options, const char *field, bp_choice choice)
{
    int value = 0;
    const char *name = json_string_value(json_object_get(options, field));
    return name && bp_choice_value(choice, name, &value, NULL) == BP_OK ? value : 0;
}

static void settle_number(json_t *options, const char *field, float usual, bool *complete)
{
    const json_t *number = json_object_get(options, field);
    if (json_is_number(number) && json_number_value(number) == 0)
        put(options, field, json_real((double)usual), complete);
}

/* Puts in what 0 stands for beside the optimizer and the schedule, so that it is the same whether
 * it was given or not. False: no memory. */
static bool settle(json_t *options)
{
    const bp_optimizer optimizer =
        (bp_optimizer)choice_of(options, "optimizer", BP_CHOICE_OPTIMIZER);
    const bp_schedule schedule = (bp_schedule)choice_of(options, "schedule", BP_CHOICE_SCHEDULE);
    bool complete = true;
    settle_number(options, "learning_rate", bp_optimizer_learning_rate(optimizer), &complete);
    settle_number(options, "epsilon", bp_optimizer_epsilon(optimizer), &complete);
    settle_number(options, "schedule_factor", bp_schedule_factor(schedule), &complete);
    return complete;
}

/* An option that is not in the file was not known when it was written: it had its default. */
static bp_status compare_options(const struct bp_trainer *trainer, const json_t *written,
                                 const char *path, bp_error *error)
{
    const bp_train_options defaults = bp_train_options_default();
    json_t *then = describe_options(&defaults), *now = bp_match_options(trainer);
    const bool complete =
        then && now &&
        (!json_is_object(written) || json_object_update(then, (json_t *)written) == 0) &&
        settle(then) && settle(now);
    const bp_status status =
        complete ? bp_difference_check(then, now, BP_OPTION_OF_TRAINING, path, error)
                 : bp_fail_memory(error, "what a checkpoint is compared with");
    json_decref(then);
    json_decref(now);
    return status;
}

bp_status bp_match_check(const struct bp_trainer *trainer, const struct bp_model *written,
                         const json_t *metadata, const char *path, bp_error *error)
{
    const json_t *data = json_object_get(metadata, "data");
    bp_status status =
        compare_with(data, describe_rows(trainer), BP_OPTION_OF_TRAINING, path, error);
    if (!status) /* with other rows their scaling is another one, too */
        status = compare_models(written, trainer->model, path, error);
    if (!status)
        status = compare_with(data, bp_match_data(trainer), BP_OPTION_OF_TRAINING, path, error);
    return status ? status
                  : compare_options(trainer, json_object_get(metadata, "options"), path, error);
}
