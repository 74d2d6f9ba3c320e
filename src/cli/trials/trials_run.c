/* The call of the library, with signals and the line on the terminal around it. */
#include "cli/trials/trials_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/fields/target_text.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/progress_bar.h"
#include "cli/terminal/ranks.h"
#include "cli/terminal/stop_signal.h"

#define LINE_SIZE 192
#define BAR_WIDTH 24

struct watched {
    struct progress_bar bar;
    const char *folder; /* of --checkpoint, or NULL */
    size_t done;
    size_t count;
};

static bool watch(const bp_trials_progress *progress, void *user)
{
    struct watched *watched = user;
    char line[LINE_SIZE], drawing[BAR_WIDTH + 1] = "", left[NUMBER_TEXT_SIZE];
    const double share = progress->share;
    if (watched->count == 0 && progress->resumed > 0)
        message_note("going on from %s, with %zu of %zu models", watched->folder, progress->resumed,
                     progress->count);
    watched->done = progress->done;
    watched->count = progress->count;
    for (size_t i = 0; i < BAR_WIDTH; i++)
        drawing[i] = (double)i < share * BAR_WIDTH ? '=' : ' ';
    /* Since the start of this run. */
    const double done = share - (double)progress->resumed / (double)progress->count;
    number_duration(done > 0 ? progress->seconds * (1 - share) / done : (double)NAN, left);
    snprintf(line, sizeof line, "model %zu/%zu [%s] %.0f %% %s left", progress->done,
             progress->count, drawing, floor(100 * share), left);
    progress_bar_say(&watched->bar, line);
    /* A launcher gives a signal to all ranks: one of them acts on it. */
    return !ranks_leads() || stop_signal_get() == 0;
}

static int report_stop(bp_cross_validation **out, size_t count, const struct watched *watched)
{
    const int number = stop_signal_get();
    for (size_t k = 0; k < count; k++) {
        bp_cross_validation_free(out[k]);
        out[k] = NULL;
    }
    if (watched->folder)
        return message_failure(EXIT_SIGNAL + number,
                               "stopped by %s after %zu of %zu models; the same command with "
                               "--resume goes on from %s",
                               stop_signal_name(number), watched->done, watched->count,
                               watched->folder);
    return message_failure(EXIT_SIGNAL + number, "stopped by %s after %zu of %zu models",
                           stop_signal_name(number), watched->done, watched->count);
}

size_t trials_count_unknown(const bp_cross_validation *validation, size_t *models)
{
    size_t rows = 0, met = 0;
    bp_cross_validation_model model;
    for (size_t k = 0; bp_cross_validation_get_model(validation, k, &model, NULL) == BP_OK; k++) {
        rows += model.result.metrics.unknown;
        met += model.result.metrics.unknown > 0;
    }
    if (models)
        *models = met;
    return rows;
}

static void note_unknown(bp_cross_validation *const *validation, size_t count)
{
    size_t rows = 0, met = 0, models = 0;
    for (size_t v = 0; v < count; v++) {
        size_t of_one;
        rows += trials_count_unknown(validation[v], &of_one);
        met += of_one;
        models += bp_cross_validation_get_info(validation[v]).models;
    }
    if (rows > 0)
        message_note(
            "warning: %zu held-out row%s of %zu of %zu models %s categories that are in no "
            "row trained on",
            rows, rows == 1 ? "" : "s", met, models, rows == 1 ? "has" : "have");
}

int trials_run(bp_cross_validation **out, size_t count, struct trials_request *requests,
               const bp_dataset *dataset, const struct trials_checkpoint *checkpoint)
{
    struct watched watched = {.folder = checkpoint->folder};
    const bp_cross_validation_options **options = calloc(count, sizeof *options);
    if (!options)
        return message_no_memory();
    for (size_t k = 0; k < count; k++)
        options[k] = &requests[k].validation;
    requests[0].validation.progress = watch;
    requests[0].validation.user = &watched;
    requests[0].validation.ranks = ranks_get();
    requests[0].validation.journal = checkpoint->path;
    if (ranks_leads())
        watched.bar = progress_bar_start();
    bp_error error;
    stop_signal_watch();
    const bp_status status = bp_cross_validate_each(out, count, dataset, options, &error);
    progress_bar_clear(&watched.bar);
    stop_signal_release();
    free(options);
    if (status == BP_STOPPED)
        return report_stop(out, count, &watched);
    if (status != BP_OK)
        return message_error(&error);
    note_unknown(out, count);
    return EXIT_DONE;
}

bp_status trials_find_task(const struct trials_request *request, const bp_dataset *dataset,
                           bp_task *task, bp_error *error)
{
    bp_model *model;
    const bp_status status = bp_model_create(&model, dataset, request->validation.model, error);
    if (status)
        return status;
    *task = bp_model_get_info(model).task;
    target_text_warn(model, dataset);
    bp_model_free(model);
    return BP_OK;
}
