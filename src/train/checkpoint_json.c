/* The metadata of a checkpoint: its format, the position of the run, and what must be the same. */
#include "train/checkpoint_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/json/json_value.h"
#include "base/json/json_write.h"
#include "model/exact_json.h"
#include "net/safetensors.h"
#include "train/checkpoint_match.h"

#define FORMAT_VERSION 1

/* What most runs do not have: samples of updates, and epochs on other data. */
static bool add_others(json_t *json, const struct bp_position *position)
{
    const struct {
        const char *name;
        size_t value;
    } members[] = {{"updated", position->updated},
                   {"other_epochs", position->other_epochs},
                   {"other_updates", position->other_updates}};
    for (size_t k = 0; k < sizeof members / sizeof members[0]; k++) {
        if (members[k].value > 0 &&
            json_object_set_new(json, members[k].name, bp_json_from_whole(members[k].value)))
            return false;
    }
    return true;
}

/* NULL if there is no memory. With a schedule that looks at the epochs, also what it knows. */
static json_t *describe_position(const struct bp_position *position, bp_schedule schedule,
                                 uint64_t steps)
{
    json_t *json =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "epochs",
                  bp_json_from_whole(position->epochs), "samples",
                  bp_json_from_whole(position->samples), "loss", bp_json_from_bits(position->loss),
                  "last_loss", bp_json_from_bits(position->last_loss), "best_epoch",
                  bp_json_from_whole(position->best_epoch), "best_metric",
                  bp_json_from_bits(position->best.metric), "best_loss",
                  bp_json_from_bits(position->best.loss), "top_metric",
                  bp_json_from_bits(position->record.top.metric), "top_loss",
                  bp_json_from_bits(position->record.top.loss), "lowest_loss",
                  bp_json_from_bits(position->record.lowest_loss), "gain_epoch",
                  bp_json_from_whole(position->gain_epoch), "ended_early",
                  (int)position->ended_early, "steps", bp_json_from_whole(steps));
    if (json && position->refitting &&
        json_object_set_new(json, "first_epochs", bp_json_from_whole(position->first_epochs))) {
        json_decref(json);
        return NULL;
    }
    if (json && !add_others(json, position)) {
        json_decref(json);
        return NULL;
    }
    if (!json || !bp_schedule_has_state(schedule))
        return json;
    const struct bp_plateau *plateau = &position->plateau;
    json_t *state = json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "reductions", bp_json_from_whole(plateau->reductions), "since",
        bp_json_from_whole(plateau->since), "best", bp_json_from_bits(plateau->record.top.metric),
        "best_loss", bp_json_from_bits(plateau->record.top.loss), "lowest_loss",
        bp_json_from_bits(plateau->record.lowest_loss));
    if (json_object_set_new(json, "plateau", state) == 0)
        return json;
    json_decref(json);
    return NULL;
}

char *bp_checkpoint_format(const struct bp_trainer *trainer, uint64_t steps)
{
    json_t *json = json_pack(
        "{s:i, s:i, s:o, s:o, s:o}", "format", FORMAT_VERSION, "numerics", BP_NUMERICS_VERSION,
        "position", describe_position(&trainer->position, trainer->options.schedule, steps),
        "options", bp_match_options(trainer), "data", bp_match_data(trainer));
    char *text = bp_json_write(json, JSON_COMPACT, NULL);
    json_decref(json);
    return text;
}

static bool read_size(const json_t *object, const char *name, size_t *size)
{
    uint64_t value;
    if (!bp_json_to_whole(json_object_get(object, name), &value) || value > SIZE_MAX)
        return false;
    *size = (size_t)value;
    return true;
}

/* One that is missing was not compared when it was written: no loss is lower. */
static bool read_loss(const json_t *object, const char *name, double *loss)
{
    const json_t *bits = json_object_get(object, name);
    *loss = (double)-INFINITY;
    return !bits || bp_json_to_bits(bits, loss);
}

/* Where it is missing the best epoch was the top. */
static bool read_top(const json_t *object, struct bp_position *position)
{
    const json_t *metric = json_object_get(object, "top_metric");
    const json_t *loss = json_object_get(object, "top_loss");
    position->record.top = position->best;
    return (!metric || bp_json_to_bits(metric, &position->record.top.metric)) &&
           (!loss || bp_json_to_bits(loss, &position->record.top.loss));
}

/* One that is missing is 0. */
static bool read_other(const json_t *object, const char *name, size_t *size)
{
    *size = 0;
    return !json_object_get(object, name) || read_size(object, name, size);
}

/* False if something is missing or is of another kind. */
static bool read_position(const json_t *object, struct bp_position *position, uint64_t *steps)
{
    const json_t *ended_early = json_object_get(object, "ended_early");
    position->ended_early = json_is_true(ended_early);
    position->refitting = json_object_get(object, "first_epochs") != NULL;
    if (position->refitting && !read_size(object, "first_epochs", &position->first_epochs))
        return false;
    if (!read_other(object, "updated", &position->updated) ||
        !read_other(object, "other_epochs", &position->other_epochs) ||
        !read_other(object, "other_updates", &position->other_updates))
        return false;
    return json_is_boolean(ended_early) && read_size(object, "epochs", &position->epochs) &&
           read_size(object, "samples", &position->samples) &&
           bp_json_to_bits(json_object_get(object, "loss"), &position->loss) &&
           bp_json_to_bits(json_object_get(object, "last_loss"), &position->last_loss) &&
           read_size(object, "best_epoch", &position->best_epoch) &&
           bp_json_to_bits(json_object_get(object, "best_metric"), &position->best.metric) &&
           read_loss(object, "best_loss", &position->best.loss) && read_top(object, position) &&
           read_loss(object, "lowest_loss", &position->record.lowest_loss) &&
           (json_object_get(object, "gain_epoch")
                ? read_size(object, "gain_epoch", &position->gain_epoch)
                : read_size(object, "best_epoch", &position->gain_epoch)) &&
           bp_json_to_whole(json_object_get(object, "steps"), steps);
}

/* The same of what the plateau schedule knows. */
static bool read_plateau(const json_t *object, struct bp_plateau *plateau)
{
    return read_size(object, "reductions", &plateau->reductions) &&
           read_size(object, "since", &plateau->since) &&
           bp_json_to_bits(json_object_get(object, "best"), &plateau->record.top.metric) &&
           read_loss(object, "best_loss", &plateau->record.top.loss) &&
           read_loss(object, "lowest_loss", &plateau->record.lowest_loss);
}

/* Whether a run of the trainer can be there. */
static bp_status check_position(const struct bp_trainer *trainer,
                                const struct bp_position *position, const char *path,
                                bp_error *error)
{
    const bool refitting = position->refitting;
    const struct bp_samples *samples = refitting ? &trainer->refit.samples : &trainer->samples;
    const size_t batch_size = refitting ? trainer->refit.batch_size : trainer->options.batch_size;
    const size_t done = refitting ? position->first_epochs : position->epochs;
    const size_t epochs = refitting ? position->best_epoch : trainer->options.epochs;
    if ((refitting && (!trainer->options.refit || position->best_epoch == 0)) ||
        position->best_epoch > done || position->gain_epoch > done ||
        position->other_epochs > done || position->plateau.since > position->epochs ||
        position->samples >= samples->count || position->samples % batch_size != 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: the position is not one of a run",
                       path);
    if (position->epochs > epochs || (position->epochs == epochs && position->samples > 0))
        return bp_fail(
            error, BP_ERROR_INPUT, "%s: has %zu epochs done%s, of %zu that are asked for", path,
            position->epochs, position->samples > 0 ? " and part of another" : "", epochs);
    return BP_OK;
}

/* Whether this version of batchprop goes on to the same bits. */
static bp_status check_versions(const json_t *json, const char *path, bp_error *error)
{
    int64_t format, numerics;
    if (!bp_json_get_whole(json, "format", 1, INT64_MAX, &format) ||
        !bp_json_get_whole(json, "numerics", 1, INT64_MAX, &numerics))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: metadata: \"format\" or \"numerics\" is not a whole number from 1",
                       path);
    if (format != FORMAT_VERSION)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: checkpoint format %" PRId64
                       "; this version of batchprop reads format %d",
                       path, format, FORMAT_VERSION);
    if (numerics != BP_NUMERICS_VERSION)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: was written with version %" PRId64
                       " of the arithmetic, which this version of batchprop, with version %d, "
                       "cannot go on with to the same bits",
                       path, numerics, BP_NUMERICS_VERSION);
    return BP_OK;
}

bp_status bp_checkpoint_parse(const struct bp_trainer *trainer, const struct bp_model *written,
                              const char *text, const char *path, struct bp_position *position,
                              uint64_t *steps, bp_error *error)
{
    json_t *json;
    bp_status status = bp_metadata_read(&json, text, "the metadata of a checkpoint", path, error);
    if (status)
        return status;
    status = check_versions(json, path, error);
    if (!status)
        status = bp_match_check(trainer, written, json, path, error);
    if (!status)
        status =
            read_position(json_object_get(json, "position"), position, steps) &&
                    (!bp_schedule_has_state(trainer->options.schedule) ||
                     read_plateau(json_object_get(json_object_get(json, "position"), "plateau"),
                                  &position->plateau))
                ? check_position(trainer, position, path, error)
                : bp_fail(error, BP_ERROR_INPUT, "%s: metadata: the position is not complete",
                          path);
    json_decref(json);
    return status;
}
