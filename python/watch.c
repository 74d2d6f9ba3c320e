/* A signal handler of Python only notes the signal, which the interpreter sees when the library
 * returns. While a training runs another handler stands before it, which tells the training. */
#include "watch.h"

#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

static bool bpy_tell(const bp_progress *progress, void *user);
static bool bpy_tell_member(const bp_member_progress *progress, void *user);

static atomic_bool interrupted;
static struct sigaction python_action; /* of SIGINT, meanwhile; or of a library before Python's */

static void note_interrupt(int number, siginfo_t *info, void *context)
{
    atomic_store_explicit(&interrupted, true, memory_order_relaxed);
    if (python_action.sa_flags & SA_SIGINFO)
        python_action.sa_sigaction(number, info, context);
    else
        python_action.sa_handler(number);
}

static void begin_signals(bpy_watch *watch)
{
    struct sigaction before;

    watch->installed = false;
    if (!watch->interruptible)
        return;
    atomic_store_explicit(&interrupted, false, memory_order_relaxed);
    watch->interruptible = sigaction(SIGINT, NULL, &before) == 0 &&
                           ((before.sa_flags & SA_SIGINFO) ||
                            (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN));
    if (!watch->interruptible ||
        ((before.sa_flags & SA_SIGINFO) && before.sa_sigaction == note_interrupt))
        return; /* that of the training whose callback began this one */
    python_action = before;
    before.sa_sigaction = note_interrupt;
    before.sa_flags |= SA_SIGINFO;
    watch->installed = sigaction(SIGINT, &before, NULL) == 0;
}

static void end_signals(const bpy_watch *watch)
{
    if (watch->installed)
        sigaction(SIGINT, &python_action, NULL);
}

static bool is_interrupted(const bpy_watch *watch)
{
    return watch->interruptible && atomic_load_explicit(&interrupted, memory_order_relaxed);
}

static bool grow(double **numbers, size_t room)
{
    double *const grown = realloc(*numbers, room * sizeof **numbers);

    if (grown)
        *numbers = grown;
    return grown;
}

static bool make_room(bpy_watch *watch)
{
    const size_t room = watch->room ? 2 * watch->room : 256;

    if (watch->epochs < watch->room)
        return true;
    if (!grow(&watch->train_loss, room) || !grow(&watch->valid_loss, room) ||
        !grow(&watch->score, room))
        return false;
    watch->room = room;
    return true;
}

static double find_score(const bp_metrics *valid)
{
    if (!valid)
        return (double)NAN;
    return isnan(valid->accuracy) ? valid->r2 : valid->accuracy;
}

static void note_epoch(bpy_watch *watch, const bp_progress *progress)
{
    if (!make_room(watch)) {
        watch->no_memory = true;
        return;
    }
    watch->train_loss[watch->epochs] = progress->train_loss;
    watch->valid_loss[watch->epochs] = progress->valid_loss;
    watch->score[watch->epochs] = find_score(progress->valid);
    watch->epochs++;
}

static bool follow(const bp_progress *progress, void *user)
{
    bpy_watch *watch = user;

    if (progress->epoch_done && !progress->refit)
        note_epoch(watch, progress);
    if (watch->tells && !bpy_tell(progress, watch->tells))
        watch->stopped = true;
    return !watch->stopped && !watch->no_memory && !is_interrupted(watch);
}

static bool follow_member(const bp_member_progress *progress, void *user)
{
    bpy_watch *watch = user;

    if (watch->tells && !bpy_tell_member(progress, watch->tells))
        watch->stopped = true;
    return !watch->stopped && !is_interrupted(watch);
}

bp_status bpy_trainer_run(bp_trainer *trainer, bpy_watch *watch, bp_train_result *result,
                          bp_error *error)
{
    begin_signals(watch);
    const bp_status status = bp_trainer_run(trainer, follow, watch, result, error);
    end_signals(watch);
    return status;
}

bp_status bpy_ensemble_train(bp_ensemble **out, const bp_dataset *train, const bp_dataset *valid,
                             const bp_member_kind *kinds, size_t kind_count,
                             bp_ensemble_options *options, bpy_watch *watch, bp_error *error)
{
    options->progress = follow_member;
    options->user = watch;
    begin_signals(watch);
    const bp_status status =
        bp_ensemble_train(out, train, valid, kinds, kind_count, options, error);
    end_signals(watch);
    return status;
}

bp_status bpy_ensemble_continue(bp_ensemble **out, const bp_model *from, const bp_dataset *train,
                                const bp_dataset *valid, const bp_train_options *kinds,
                                bp_ensemble_options *options, bpy_watch *watch, bp_error *error)
{
    options->progress = follow_member;
    options->user = watch;
    begin_signals(watch);
    const bp_status status = bp_ensemble_continue(out, from, train, valid, kinds, options, error);
    end_signals(watch);
    return status;
}

void bpy_watch_release(bpy_watch *watch)
{
    free(watch->train_loss);
    free(watch->valid_loss);
    free(watch->score);
}
