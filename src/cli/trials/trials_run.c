/* The call of the library, with signals and the line on the terminal around it. */
#include "cli/trials/trials_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/progress_bar.h"
#include "cli/terminal/stop_signal.h"

#define LINE_SIZE 192
#define BAR_WIDTH 24

int trials_set_create(struct trials_set *set, size_t count)
{
    *set = (struct trials_set){.count = count,
                               .trial = calloc(count, sizeof *set->trial),
                               .result = calloc(count, sizeof *set->result)};
    if (set->trial && set->result)
        return EXIT_DONE;
    trials_set_free(set);
    return message_no_memory();
}

void trials_set_free(struct trials_set *set)
{
    free(set->trial);
    free(set->result);
    *set = (struct trials_set){0};
}

struct watched {
    struct progress_bar bar;
    size_t done;
    double seconds;
};

static bool watch(const bp_trials_progress *progress, void *user)
{
    struct watched *watched = user;
    char line[LINE_SIZE], drawing[BAR_WIDTH + 1] = "", left[NUMBER_TEXT_SIZE];
    const double share = progress->share;
    watched->done = progress->done;
    watched->seconds = progress->seconds;
    for (size_t i = 0; i < BAR_WIDTH; i++)
        drawing[i] = (double)i < share * BAR_WIDTH ? '=' : ' ';
    number_duration(share > 0 ? progress->seconds * (1 - share) / share : (double)NAN, left);
    snprintf(line, sizeof line, "net %zu/%zu [%s] %.0f %% %s left", progress->done, progress->count,
             drawing, floor(100 * share), left);
    progress_bar_say(&watched->bar, line);
    return stop_signal_get() == 0;
}

int trials_set_run(struct trials_set *set, const struct run_options *run, const bp_dataset *dataset)
{
    struct watched watched = {.bar = progress_bar_start()};
    bp_trial *trial = calloc(set->count, sizeof *trial);
    if (!trial)
        return message_no_memory();
    for (size_t k = 0; k < set->count; k++)
        trial[k] = (bp_trial){.size = sizeof *trial,
                              .model = &set->trial[k].model,
                              .train = &set->trial[k].train,
                              .holdout = &set->trial[k].holdout,
                              .valid_fraction = set->trial[k].valid_fraction};
    const bp_trials trials = {.size = sizeof trials,
                              .dataset = dataset,
                              .trial = trial,
                              .count = set->count,
                              .threads = run->threads,
                              .backend = (bp_backend)run->backend,
                              .progress = watch,
                              .user = &watched};
    bp_error error;
    const size_t asked = run->threads ? run->threads : bp_usable_processors();
    set->threads = asked < set->count ? asked : set->count;
    if (run->backend == BP_BACKEND_SERIAL)
        set->threads = 1;
    stop_signal_watch();
    const bp_status status = bp_trials_run(&trials, set->result, &error);
    free(trial);
    progress_bar_clear(&watched.bar);
    stop_signal_release();
    set->seconds = watched.seconds;
    if (status == BP_STOPPED) {
        const int number = stop_signal_get();
        return message_failure(EXIT_SIGNAL + number, "stopped by %s after %zu of %zu nets",
                               stop_signal_name(number), watched.done, set->count);
    }
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}
